import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { TestMoca } from "@tests/support/test_moca.ts";

Deno.test("twenty contacts at once are answered at three a second, each contact's parts in order (C9, C10)", async () => {
  await using test = await TestMoca.start({ clock: systemClock, settings: { debounceMs: 50 } });
  test.moca.work();
  const contacts = Array.from({ length: 20 }, (_, index) => `20000000000000${String(index).padStart(2, "0")}`);
  await Promise.all(contacts.map((psid) => test.instagram.contactSends(psid, { kind: "text", text: "hola" })));
  const isAnswered = (psid: string): boolean => test.delivered(psid).length > 0;
  await test.instagram.waitFor(() => contacts.every(isAnswered), { timeoutMs: 30_000 });
  const times = test.instagram.applied().map(({ monotonicMs }) => monotonicMs).sort((a, b) => a - b);
  const crowds = times.map((from) => times.filter((at) => at >= from && at < from + 3_000).length);
  assert.ok(Math.max(...crowds) <= 9, `${Math.max(...crowds)} texts arrived within three seconds`);
  assert.ok(test.instagram.log.every(({ overlaps }) => overlaps === 0), "one request at a time for each contact");
});
