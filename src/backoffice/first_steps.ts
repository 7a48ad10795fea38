import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { tokenDaysLeft } from "@/instagram/token_plan.ts";
import { getLogger } from "@/log.ts";
import type { Account } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";
import type { FirstStep } from "@views/parts/first_steps.ts";

const handshakeKey = "webhook:verified";

/** Keeps that Meta verified the webhook just now. */
export function noteHandshake(store: Store): void {
  store.limits.note(handshakeKey, { value: 1, at: store.now() })
    .catch((error) => getLogger("backoffice").warning("the webhook's handshake is not kept: {error}", { error }));
}

/** What a new Moca needs before it answers on Instagram, in the order in which it is done, as it stands now. */
export async function loadFirstSteps(
  deps: Pick<BackofficeDeps, "store" | "config" | "rules">,
  { accounts, hasConversation, webhookAt }: {
    readonly accounts: readonly Account[];
    readonly hasConversation: boolean;
    /** When the newest webhook that is kept came. */
    readonly webhookAt?: Date;
  },
): Promise<readonly FirstStep[]> {
  const { store, config, rules } = deps;
  const isReceived = webhookAt !== undefined || hasConversation;
  const verifiedAt = isReceived ? undefined : (await store.limits.get(handshakeKey))?.reading?.at;
  return [
    tokenStep(accounts, store.now()),
    isReceived ? { name: "webhook", state: "done", at: webhookAt } : { name: "webhook", state: "open", at: verifiedAt },
    { name: "message", state: hasConversation ? "done" : "open" },
    rulesStep(rules),
    modelStep(config),
  ];
}

function tokenStep(accounts: readonly Account[], now: Date): FirstStep {
  const good = accounts.find(({ state, token }) => {
    return state === "active" && token !== undefined && tokenDaysLeft(token, now) !== 0;
  });
  if (good?.token === undefined) return { name: "token", state: "open" };
  const days = tokenDaysLeft(good.token, now);
  return { name: "token", state: "done", ...(days === undefined ? {} : { count: days }) };
}

function rulesStep(rules: BackofficeDeps["rules"]): FirstStep {
  const count = rules.state().rules.length;
  return { name: "rules", state: count > 0 ? "done" : "open", count };
}

/** Rules alone can do: without a model, what they do not answer waits for a person. */
function modelStep({ model, mode }: BackofficeDeps["config"]): FirstStep {
  if (model !== undefined) return { name: "model", state: "done", what: model.name };
  return { name: "model", state: mode === "sandbox" ? "done" : "optional" };
}
