import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultSettings, resolveSettings, type Settings, settingsSchema } from "@/conversation/settings.ts";

interface Range {
  readonly name: keyof Settings;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly standard: number;
}

const ranges: readonly Range[] = [
  { name: "debounceMs", min: 0, max: 30_000, step: 1, standard: 3_500 },
  { name: "debounceMaxMs", min: 0, max: 120_000, step: 1, standard: 20_000 },
  { name: "cooldownMs", min: 0, max: 600_000, step: 1, standard: 7_000 },
  { name: "sendsPerSecond", min: 0.1, max: 20, step: 0.01, standard: 3 },
  { name: "takeoverHours", min: 0.1, max: 720, step: 0.01, standard: 12 },
  { name: "maxTurnsPerHour", min: 1, max: 1_000, step: 1, standard: 20 },
  { name: "dailyTokenBudget", min: 0, max: 1_000_000_000, step: 1, standard: 2_000_000 },
  { name: "retentionDays", min: 1, max: 3_650, step: 1, standard: 365 },
];

for (const { name, min, max, step, standard } of ranges) {
  Deno.test(`settingsSchema takes ${name} from ${min} to ${max}, ${standard} when nothing is said`, () => {
    const isFine = (value: unknown): boolean => settingsSchema.safeParse({ [name]: value }).success;
    assert.equal(defaultSettings[name], standard);
    assert.deepEqual([min, max].map(isFine), [true, true]);
    assert.deepEqual([min - step, max + step, NaN, Infinity, `${min}`, {}, null].map(isFine), Array(7).fill(false));
  });
}

Deno.test("defaultSettings answer by themselves and skip a burst inside the cooldown", () => {
  const { botEnabled, mode, cooldownPolicy, timezone } = defaultSettings;
  assert.deepEqual([botEnabled, mode, cooldownPolicy, timezone], [true, "auto", "skip", "UTC"]);
});

Deno.test("settingsSchema refuses names, time zones, hours and languages that do not exist", () => {
  const bad = [
    { debounce: 1 },
    { timezone: "Mars/Olympus" },
    { businessHours: { mon: [{ from: "25:00", to: "26:00" }] } },
    { businessHours: { monday: [] } },
    { language: "english" },
    { mode: "manual" },
    { optOutWords: [""] },
  ];
  for (const one of bad) assert.equal(settingsSchema.safeParse(one).success, false, JSON.stringify(one));
});

Deno.test("resolveSettings() never throws and keeps every entry that can be read", () => {
  const stored = fc.dictionary(
    fc.oneof(fc.constantFrom(...Object.keys(settingsSchema.shape)), fc.string()),
    fc.anything(),
  );
  fc.assert(
    fc.property(stored, (entries) => {
      const settings = resolveSettings({ ...entries, cooldownMs: 1_234 });
      assert.equal(settings.cooldownMs, 1_234);
      assert.ok(settingsSchema.safeParse(settings).success);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("resolveSettings() falls back to the default for the entry that cannot be read, and for it alone", () => {
  const settings = resolveSettings({ debounceMs: "soon", cooldownMs: 9, gone: true });
  assert.deepEqual(settings, { ...defaultSettings, cooldownMs: 9 });
});
