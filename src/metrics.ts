import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What Moca counts, in Prometheus' form. One per process; tests make their own. */
export interface Metrics {
  readonly registry: Registry;
  readonly webhooks: Counter<"outcome">;
  readonly events: Counter<"kind" | "outcome">;
  readonly turns: Counter<"outcome" | "by">;
  readonly sends: Counter<"outcome">;
  readonly unknownErrors: Counter<"code" | "subcode">;
  readonly modelTokens: Counter<"direction">;
  readonly found: Counter;
  readonly gaps: Counter;
  readonly webhookSeconds: Histogram;
  readonly decisionSeconds: Histogram;
  readonly outbound: Gauge<"state">;
  readonly tokenDays: Gauge<"account">;
  readonly instances: Gauge<"state">;
  readonly usagePercent: Gauge<"account">;
  readonly paceFactor: Gauge<"account">;
}

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function makeMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string): Histogram =>
    new Histogram({ name, help, buckets: seconds, registers });
  return {
    registry,
    webhooks: counter("moca_webhooks_total", "Webhook requests by outcome", ["outcome"]),
    events: counter("moca_events_total", "Events taken from envelopes", ["kind", "outcome"]),
    turns: counter("moca_turns_total", "Decisions by outcome and who decided", ["outcome", "by"]),
    sends: counter("moca_sends_total", "POSTs to Instagram by outcome", ["outcome"]),
    unknownErrors: counter(
      "moca_instagram_unknown_errors_total",
      "Error codes of Instagram that have no row in the table",
      ["code", "subcode"],
    ),
    modelTokens: counter("moca_model_tokens_total", "Tokens that the model used", ["direction"]),
    found: counter("moca_messages_found_total", "Messages found in threads that no webhook had brought", []),
    gaps: counter("moca_backfill_gaps_total", "Threads with more new messages than Instagram shows", []),
    webhookSeconds: histogram("moca_webhook_seconds", "From request to answer of a webhook"),
    decisionSeconds: histogram("moca_decision_seconds", "From taking a snapshot to committing the turn"),
    outbound: new Gauge({
      name: "moca_outbound_items",
      help: "Outbound items by state",
      labelNames: ["state"],
      registers,
    }),
    tokenDays: new Gauge({
      name: "moca_token_days_left",
      help: "Whole days until the account's access token ends; absent while Instagram has not told",
      labelNames: ["account"],
      registers,
    }),
    instances: new Gauge({
      name: "moca_instances",
      help: "Instances on the database: alive, or gone without a word within the last day",
      labelNames: ["state"],
      registers,
    }),
    usagePercent: new Gauge({
      name: "moca_instagram_usage_percent",
      help: "How much of what Instagram allows the account has used; absent while Instagram does not tell",
      labelNames: ["account"],
      registers,
    }),
    paceFactor: new Gauge({
      name: "moca_pace_factor",
      help: "Part of its pace at which the account sends: 1 is all of it, 0 a pause for throttling",
      labelNames: ["account"],
      registers,
    }),
  };
}
