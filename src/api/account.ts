import type { Context } from "hono";
import { refuse, refuseUnknown } from "@/api/refuse.ts";
import type { Account } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

/** The account that is asked for; without a word about it, the only one there is. Otherwise the answer that says no. */
export async function findAccount(
  store: Pick<Store, "accounts">,
  c: Context,
  id: string | undefined,
): Promise<Account | Response> {
  if (id !== undefined) return await store.accounts.get(id) ?? refuseUnknown(c, "account");
  const accounts = await store.accounts.list();
  const [only] = accounts;
  if (only === undefined) return refuse(c, "not_found", "There is no account yet");
  if (accounts.length === 1) return only;
  const wanted = `wants one of ${accounts.map((account) => account.id).join(", ")}`;
  return refuse(c, "bad_request", "Several accounts: say which", { account: wanted });
}
