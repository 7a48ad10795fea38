import type { Context } from "hono";
import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import type { Sealer } from "@/backoffice/account_actions.ts";
import type { OperatorActions } from "@/backoffice/operator_actions.ts";
import type { ContactEvent } from "@/simulator/contact_event.ts";
import type { Store } from "@/store/store.ts";

export interface BackofficeDeps {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly rules: { state(): RulesState };
  readonly sealer: Sealer;
  /** Says that the outbound queue may have work. */
  readonly wake: () => void;
  readonly actions: OperatorActions;
  /** Answers the stream of what changes, for the pages to follow. */
  readonly live: (c: Context) => Promise<Response>;
  /** Only in the sandbox. */
  readonly simulator?: SimulatorPort;
}

/** What the back office reads of the live rules. */
export interface RulesState {
  readonly version: string;
  readonly loadedAt: Date;
  /** In the order in which they run. */
  readonly rules: readonly { readonly name: string; readonly description: string; readonly file: string }[];
  readonly problems: readonly { readonly file: string; readonly line?: number; readonly reason: string }[];
}

/** The pretend Instagram, as far as the phone on screen needs it. */
export interface SimulatorPort {
  /** The account that the personas write to. */
  readonly accountId: string;
  readonly personas: readonly { readonly psid: string; readonly name: string; readonly username: string }[];
  /** Lets a contact do something; resolves when it is on its way to the webhook. */
  act(psid: string, events: readonly ContactEvent[]): Promise<void>;
}
