/** Whom a conversation can be assigned to. */
import { rootName } from "@/backoffice/people.ts";
import type { Store } from "@/store/store.ts";

/** Those who may answer, in order of their names. */
export async function listAssignees({ operators }: Pick<Store, "operators">): Promise<readonly string[]> {
  const known = (await operators.list()).filter(({ role }) => role !== "viewer").map(({ id }) => id);
  return [rootName, ...known].toSorted();
}

/** Who is meant by `me`, `none` (null) or an operator's name. */
export function assigneeOf(asked: string, operator: string): string | null {
  if (asked === "none") return null;
  return asked === "me" ? operator : asked;
}
