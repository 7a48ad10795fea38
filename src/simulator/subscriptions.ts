import { badParameter, type GraphAnswer } from "./graph_error.ts";

const knownFields: ReadonlySet<string> = new Set([
  "messages",
  "message_echoes",
  "message_reactions",
  "message_edit",
  "messaging_postbacks",
  "messaging_seen",
  "messaging_referral",
  "messaging_optins",
  "messaging_handover",
  "standby",
  "comments",
  "live_comments",
]);

/** `/{id}/subscribed_apps`: which webhook fields the account is subscribed to. Only told, never enforced. */
export class Subscriptions {
  #fields: readonly string[] = [];

  get fields(): readonly string[] {
    return this.#fields;
  }

  list(): GraphAnswer {
    return { body: { data: this.#fields.length === 0 ? [] : [{ subscribed_fields: this.#fields }] } };
  }

  /** One unknown field fails the whole call, as at Meta. */
  subscribe(fields: readonly string[]): GraphAnswer {
    const unknown = fields.find((field) => !knownFields.has(field));
    if (unknown !== undefined) {
      return { error: badParameter("Param subscribed_fields must be one of the known fields") };
    }
    this.#fields = fields;
    return { body: { success: true } };
  }

  unsubscribe(): GraphAnswer {
    this.#fields = [];
    return { body: { success: true } };
  }
}
