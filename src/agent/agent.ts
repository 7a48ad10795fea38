import type { FactProposal } from "@/conversation/facts.ts";
import type { PerhapsSent } from "@/conversation/perhaps_sent.ts";
import type { Decision } from "@/conversation/turn.ts";
import type { Settings } from "@/conversation/settings.ts";
import type { KnowledgePort } from "@/agent/knowledge.ts";
import type { FollowUpPlan } from "@/conversation/follow_up.ts";
import type { AgentTrace, Contact, Message, RuleTrace } from "@/store/records.ts";

/** What the agent is asked: one burst of one contact, with all that it may know. */
export interface AgentRequest {
  readonly account: { readonly id: string; readonly username?: string };
  readonly contact: Contact;
  readonly settings: Settings;
  /** The burst, oldest first. */
  readonly messages: readonly Message[];
  /** What came before it, oldest first. */
  readonly history: readonly Message[];
  /** What we said before it and may not have arrived, oldest first; it is not in the history. Default none. */
  readonly perhapsSent?: readonly PerhapsSent[];
  readonly rules: readonly RuleTrace[];
  readonly knowledge: KnowledgePort;
  /** When Instagram's window closes. */
  readonly windowClosesAt?: Date;
  readonly now: Date;
}

/** The agent's decision: never a `defer`. */
export type AgentDecision = Exclude<Decision, { kind: "defer" }>;

/** What asking the agent led to. Nothing of it has an effect before the turn is committed. */
export type AgentResult =
  | {
    readonly kind: "decided";
    readonly decision: AgentDecision;
    readonly facts: readonly FactProposal[];
    /** Those of the account's topics that the model says the answer is about. */
    readonly topics?: readonly string[];
    readonly followUps?: readonly FollowUpPlan[];
    /** The conversation is done once the answer is out. Default false. */
    readonly closes?: boolean;
    readonly trace: AgentTrace;
  }
  /** The model gave no usable answer; worth another try, not before `retryAfterMs` when it said so. */
  | {
    readonly kind: "failed";
    readonly reason: string;
    readonly retryAfterMs?: number;
    readonly isProvider?: boolean;
    readonly trace: AgentTrace;
  }
  /** The signal ended it. */
  | { readonly kind: "aborted" };

/** Decides by a language model. Does not act and does not throw. */
export interface Agent {
  /** For the trace and the settings page: the model's name. */
  readonly model: string;
  decide(request: AgentRequest, signal: AbortSignal): Promise<AgentResult>;
}
