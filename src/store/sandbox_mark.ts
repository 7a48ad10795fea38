import type { Account } from "@/store/records.ts";

/** The limit under which a sandbox keeps how far its time is ahead: only a sandbox's store has it. */
export const sandboxMark = "simulator:ahead";

/** The account that a sandbox makes up when it is not given one. */
export const madeUpAccountId = "17841400000000001";

/** Whether a store with these accounts, and with the mark or not, was filled by a sandbox. */
export function isSandboxes({ hasMark, accounts }: {
  readonly hasMark: boolean;
  readonly accounts: readonly Pick<Account, "id">[];
}): boolean {
  return hasMark || accounts.some(({ id }) => id === madeUpAccountId);
}
