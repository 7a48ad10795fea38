import type { Context } from "hono";
import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import type { Sealer } from "@/backoffice/account_actions.ts";
import type { OperatorActions } from "@/backoffice/operator_actions.ts";
import type { RewindJobs } from "@/rules/rewind/rewind_jobs.ts";
import type { RuleBook } from "@/rules/rule_book.ts";
import type { CaseJobs } from "@/simulator/cases/case_jobs.ts";
import type { ContactEvent } from "@/simulator/contact_event.ts";
import type { Said } from "@/simulator/instagram.ts";
import type { Store } from "@/store/store.ts";
import type { SimulatorFault } from "@views/parts/simulator_tools.ts";

export interface BackofficeDeps {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly rules: Pick<RuleBook, "state" | "current" | "reload">;
  readonly rewinds: RewindJobs;
  readonly sealer: Sealer;
  /** Says that the outbound queue may have work. */
  readonly wake: () => void;
  readonly actions: OperatorActions;
  /** Answers the stream of what changes, for the pages to follow. */
  readonly live: (c: Context) => Promise<Response>;
  /** Only in the sandbox. */
  readonly simulator?: SimulatorPort;
  /** Runs the simulator's saved cases; only in the sandbox. */
  readonly cases?: CaseJobs;
}

/** The pretend Instagram, as far as the phone on screen needs it. */
export interface SimulatorPort {
  /** The account that the personas write to. */
  readonly accountId: string;
  readonly personas: readonly Persona[];
  /** Lets a contact do something; resolves when it is on its way to the webhook. */
  act(psid: string, events: readonly ContactEvent[]): Promise<void>;
  /** Makes somebody who has never written. */
  addPersona(persona: NewPersona): Persona;
  /** Puts into the contact's thread what was said elsewhere; answers the messages' ids. */
  recall(psid: string, lines: readonly Said[]): readonly string[];
  /** Says what shall go wrong next with this contact, and takes back what has not happened yet. */
  arm(psid: string, faults: readonly SimulatorFault[]): void;
  /** What is to go wrong and has not happened yet. */
  armed(psid: string): readonly SimulatorFault[];
  /** What went wrong, oldest first. */
  mishaps(psid: string): readonly { readonly fault: SimulatorFault; readonly at: Date }[];
  /** Whether a message is held back until the next one has overtaken it. */
  isHolding(psid: string): boolean;
  /** How far the sandbox's time is ahead of the real one, in milliseconds. */
  readonly aheadMs: number;
  /** Moves the time on, for everything but people's sessions. */
  moveOn(ms: number): Promise<"moved" | "tooFar">;
}

/** Somebody to be made; without a handle they get one like their name. */
export type NewPersona = Pick<Persona, "name" | "language" | "follows"> & Partial<Pick<Persona, "username">>;

/** A person of the pretended Instagram. */
export interface Persona {
  readonly psid: string;
  readonly name: string;
  readonly username: string;
  readonly language: "es" | "en";
  readonly follows: boolean;
}
