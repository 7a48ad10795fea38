/** What every store must keep. Both adapters run it; a store that is broken on purpose must fail it. */
import type { StoreCheck, StoreUnderTest } from "@/store/testing/check.ts";
import { cannedChecks } from "@/store/testing/canned_checks.ts";
import { commitChecks } from "@/store/testing/commit_checks.ts";
import { envelopeChecks } from "@/store/testing/envelope_checks.ts";
import { eraseChecks } from "@/store/testing/erase_checks.ts";
import { feedChecks } from "@/store/testing/feed_checks.ts";
import { historyChecks } from "@/store/testing/history_checks.ts";
import { inboxChecks } from "@/store/testing/inbox_checks.ts";
import { knowledgeChecks } from "@/store/testing/knowledge_checks.ts";
import { leaseChecks } from "@/store/testing/lease_checks.ts";
import { limitChecks } from "@/store/testing/limit_checks.ts";
import { restChecks } from "@/store/testing/rest_checks.ts";

export type { StoreCheck, StoreUnderTest } from "@/store/testing/check.ts";

export const storeChecks: readonly StoreCheck[] = [
  ...envelopeChecks,
  ...cannedChecks,
  ...commitChecks,
  ...leaseChecks,
  ...inboxChecks,
  ...feedChecks,
  ...historyChecks,
  ...knowledgeChecks,
  ...limitChecks,
  ...eraseChecks,
  ...restChecks,
];

/** Registers the suite: one test a promise, each with a database of its own that `open` makes. */
export function testStore(name: string, open: () => Promise<StoreUnderTest>): void {
  for (const { promise, run } of storeChecks) {
    Deno.test(`${name}: ${promise}`, async () => {
      await using store = await open();
      await run(store);
    });
  }
}
