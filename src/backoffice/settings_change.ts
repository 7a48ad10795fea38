/** Changing an account's settings: pure, so that the form, the API and the tests mean the same. */
import { isDeepStrictEqual } from "node:util";
import { defaultSettings, resolveSettings, type Settings, settingsSchema } from "@/conversation/settings.ts";
import type { Account, AuditEntry } from "@/store/records.ts";

/** New values by setting's name; `null` brings the default back, absent names stay. */
export type SettingsPatch = Readonly<Record<string, unknown>>;

export type SettingsChange =
  | { readonly kind: "changed"; readonly stored: Readonly<Record<string, unknown>>; readonly settings: Settings }
  /** By setting's name, what is wrong with it, in words. */
  | { readonly kind: "invalid"; readonly fields: Readonly<Record<string, string>> };

/** The account's settings after the patch: in full, and as they are stored (only what differs from the defaults). */
export function applySettingsPatch(account: Account, patch: SettingsPatch): SettingsChange {
  const kept = Object.entries(resolveSettings(account.settings)).filter(([name]) => !Object.hasOwn(patch, name));
  const given = Object.entries(patch).filter(([, value]) => value !== null && value !== undefined);
  const parsed = settingsSchema.safeParse(Object.fromEntries([...kept, ...given]));
  if (!parsed.success) return { kind: "invalid", fields: problemsByField(parsed.error.issues) };
  return { kind: "changed", stored: differences(parsed.data), settings: parsed.data };
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function problemsByField(issues: readonly Issue[]): Readonly<Record<string, string>> {
  const named = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0
      ? (issue.keys ?? []).map((key) => [key, "there is no such setting"] as const)
      : [[String(issue.path[0] ?? ""), issue.message] as const]
  );
  return Object.fromEntries(named.reverse());
}

function differences(settings: Settings): Readonly<Record<string, unknown>> {
  const defaults: Readonly<Record<string, unknown>> = defaultSettings;
  const different = Object.entries(settings).filter(([name, value]) => !isDeepStrictEqual(value, defaults[name]));
  return Object.fromEntries(different);
}

/** Settings that hold prose: the log says how long it was, not what it said. */
const prose: ReadonlySet<string> = new Set(["persona", "knowledge", "disclosure"]);

/** What the audit log says of a change. */
export function describeSettingsChange(before: Settings, after: Settings): AuditEntry["changes"] {
  const old: Readonly<Record<string, unknown>> = before;
  const changed = Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(value, old[name]));
  return Object.fromEntries(
    changed.map(([name, value]) => [name, { before: shown(name, old[name]), after: shown(name, value) }]),
  );
}

function shown(name: string, value: unknown): unknown {
  return prose.has(name) ? `${String(value ?? "").length} characters` : value;
}
