/** A back office with something in it: one conversation for each thing that a page must be able to show. */
import { type Aggregate, type Change, newAggregate, startChange } from "@/conversation/aggregate.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { InboundEvent } from "@/conversation/event.ts";
import { sendManually } from "@/conversation/operator.ts";
import { receive } from "@/conversation/receive.ts";
import { beginSend, recordSend, settleSend } from "@/conversation/send.ts";
import { defaultSettings, type Settings } from "@/conversation/settings.ts";
import { beginTurn, commitTurn, type Decision } from "@/conversation/turn.ts";
import type { Account, AgentTrace, Contact, RuleTrace } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export const accountId = "17841400000000001";

/** Texts that would run, reach out or mislead if they were anything but text. */
export const hostile = {
  name: '<script>document.title="owned"</script>',
  username: '"><img src=x onerror=document.title=1>',
  text: '<img src="https://evil.example/x" onerror="document.title=\'owned\'"> ${7*7} {{7*7}} javascript:alert(1)',
  link: 'mira https://example.com/a?b=<c>&d="e" y javascript:alert(1) y http://user@evil.example\u202Egpj.exe',
  url: "javascript:document.title='owned'",
};

export async function seedAccount(store: Store, settings: Partial<Settings> = {}): Promise<Account> {
  const now = store.now();
  const account: Account = {
    id: accountId,
    username: "casa.moca",
    state: "active",
    settings,
    ver: 0,
    createdAt: now,
    updatedAt: now,
  };
  await store.accounts.put(account, 0);
  return account;
}

export interface Told {
  readonly psid: string;
  readonly name?: string;
  readonly username?: string;
  readonly fields?: Contact["fields"];
  readonly tags?: readonly string[];
}

/** Tells one conversation step by step, each step a commit as the pipeline makes it. */
export class Story {
  readonly #store: Store;
  readonly #psid: string;
  readonly #settings: Settings;
  #count = 0;
  /** How long before now the story is, in milliseconds. */
  ago = 0;
  #turns = 0;

  constructor(store: Store, psid: string, settings: Settings = defaultSettings) {
    this.#store = store;
    this.#psid = psid;
    this.#settings = settings;
  }

  get id(): string {
    return `${accountId}_${this.#psid}`;
  }

  /** The contact writes; `ago` milliseconds before now. */
  async says(text: string | undefined, ago = 0, more: Partial<InboundEvent> = {}): Promise<string> {
    this.#count += 1;
    this.ago = ago;
    const mid = more.mid ?? `m_${this.#psid}_${this.#count}`;
    const at = this.#now();
    const event: InboundEvent = {
      accountId,
      psid: this.#psid,
      key: `msg:${mid}`,
      kind: "text",
      direction: "in",
      mid,
      text,
      attachments: [],
      at,
      standby: false,
      test: false,
      source: "webhook",
      ...more,
    };
    const known = await this.#store.messages.related(accountId, [mid, ...(more.refMid ? [more.refMid] : [])]);
    await this.#commit((change) => receive(change, event, known, { settings: this.#settings, now: at }));
    return mid;
  }

  /** The burst is decided on. */
  async decides(decision: Decision, trace: { rules?: RuleTrace[]; agent?: AgentTrace } = {}): Promise<void> {
    this.#turns += 1;
    const snapshotId = `snapshot-${this.#turns}`;
    const startedAt = addMs(this.#now(), 4_000);
    await this.#commit((change) => beginTurn(change, { snapshotId, now: startedAt }) ?? change);
    const { debounce } = await this.aggregate();
    const ids = debounce.snapshot?.pending.map(({ messageId }) => messageId) ?? [];
    const messages = await this.#store.messages.byIds(ids);
    const checks = [
      { name: "bot", passed: true, detail: "the bot is switched on" },
      { name: "contact", passed: true, detail: "the bot may answer this contact" },
    ];
    const record = {
      snapshotId,
      decision,
      checks,
      rules: trace.rules ?? [],
      ruleSet: "3f9a0c11d2e4",
      agent: trace.agent,
      facts: [],
      optOut: false,
      tags: [],
      messages,
    };
    await this.#commit((change) => {
      const outcome = commitTurn(change, record, { settings: this.#settings, now: addMs(startedAt, 2_100) });
      return outcome.kind === "stale" ? change : outcome.change;
    });
  }

  /** What was sent last cannot be found in the thread, and the contact wrote on: a person must decide. */
  async holds(): Promise<void> {
    await this.#commit((change) => {
      const item = change.next.outbound.find(({ state }) => state === "uncertain");
      const options = { rows: [], settings: this.#settings, now: addMs(this.#now(), 90_000) };
      return item === undefined ? change : settleSend(change, item, { kind: "absent" }, options);
    });
  }

  /** The oldest waiting text goes out, or is refused. */
  async sends(how: "sent" | "failed" | "uncertain" = "sent"): Promise<void> {
    const later = addMs(this.#now(), 9_000);
    const { outbound, conversation } = await this.aggregate();
    const item = outbound.find(({ state }) => state === "queued");
    if (item === undefined) throw new Error(`Cannot send in "${conversation.id}": nothing waits`);
    await this.#commit((change) => beginSend(change, item.id, { now: later, requestMs: 10_000 }) ?? change);
    const error = {
      message: "Instagram's time for answering is over",
      code: 10,
      subcode: 2534022,
      status: 400,
    };
    const result = how === "sent"
      ? { kind: "sent" as const, mid: `mid_${item.id}` }
      : how === "failed"
      ? { kind: "failed" as const, reason: "Instagram's time for answering is over", error }
      : { kind: "uncertain" as const, settleAt: later, error: { message: "no answer came in time" } };
    const options = { itemId: item.id, attempt: 1, rows: [], settings: this.#settings, now: later };
    await this.#commit((change) => recordSend(change, result, options) ?? change);
  }

  async writes(text: string, commandId: string): Promise<void> {
    const options = { operator: "admin", settings: this.#settings, now: this.#now() };
    await this.#commit((change) => {
      const sent = sendManually(change, { texts: [text], commandId, bodyHash: commandId }, options);
      return sent.kind === "queued" ? sent.change : change;
    });
  }

  async is(contact: Partial<Contact>): Promise<void> {
    await this.#commit((change) => ({
      ...change,
      next: { ...change.next, contact: { ...change.next.contact, ...contact } },
    }));
  }

  async aggregate(): Promise<Aggregate> {
    return await this.#store.conversations.load(this.id) ??
      newAggregate({ accountId, psid: this.#psid }, this.#now());
  }

  #now(): Date {
    return addMs(this.#store.now(), -this.ago);
  }

  async #commit(step: (change: Change) => Change): Promise<void> {
    const change = step(startChange(await this.aggregate()));
    if (await this.#store.conversations.commit(change) === "conflict") throw new Error("Cannot seed: conflict");
  }
}

const minute = 60_000;
const hour = 60 * minute;

const pricesRule: RuleTrace[] = [
  { rule: "dedup", verdict: "pass", reason: "", ms: 0.1 },
  { rule: "takeover", verdict: "pass", reason: "", ms: 0.1 },
  { rule: "prices", verdict: "reply", reason: 'it says "precio"', ms: 0.4 },
];

const agentTrace: AgentTrace = {
  model: "gpt-5-mini",
  calls: 2,
  inputTokens: 1_842,
  outputTokens: 96,
  ms: 1_930,
  prompt: [{ role: "system", text: "You answer for Casa Moca." }, { role: "user", text: "¿Hacen envíos a Puebla?" }],
  tools: [{ name: "search_knowledge", args: '{"query":"envíos"}', result: "Envíos a todo México, 2 a 4 días." }],
};

/** One conversation for each thing that pages must show; answers their ids by name. */
export async function seedStories(store: Store): Promise<Readonly<Record<string, string>>> {
  const ana = new Story(store, "101");
  await ana.says("Hola! 👋", 21 * minute);
  await ana.says(
    "Vi los bolsos en su página y me encantaron, ¿qué precio tiene el grande de piel color café?",
    20.9 * minute,
  );
  await ana.says("y hacen envíos?", 20.8 * minute);
  await ana.is({
    name: "Ana Sofía Ramírez",
    username: "ana.sofia",
    profile: "known",
    tags: ["vip", "bolsos"],
    fields: {
      email: { value: "ana@example.com", source: "agent", at: addMs(store.now(), -20 * minute) },
      city: { value: "Puebla", source: "person", by: "admin", at: addMs(store.now(), -hour), previous: "CDMX" },
    },
  });
  await ana.decides({
    kind: "reply",
    texts: [
      "El bolso grande cuesta $1,250 MXN y sí, enviamos a todo México (2 a 4 días). https://casamoca.example/bolsos",
    ],
    reason: 'it says "precio"',
    by: "rule:prices",
  }, { rules: pricesRule });
  await ana.sends();
  await ana.says("Perfecto, gracias 😍", 2 * minute);
  await ana.decides({ kind: "silence", reason: "the contact only said thanks", by: "agent" }, {
    rules: pricesRule.slice(0, 2),
    agent: agentTrace,
  });

  const luis = new Story(store, "102");
  await luis.says("Quiero hablar con una persona, mi pedido llegó roto", 55 * minute);
  await luis.says(undefined, 54 * minute, {
    kind: "media",
    attachments: [{ type: "image", url: "https://cdn.example/x.jpg" }],
  });
  await luis.is({ name: "Luis Ortega", username: "luisortega", profile: "known" });
  await luis.decides({ kind: "handOff", reason: "the contact asked for a person", by: "agent" }, { agent: agentTrace });

  const typing = new Story(store, "103");
  await typing.says("hola", 1_000);
  await typing.is({ username: "marta_m", profile: "known" });

  const late = new Story(store, "104");
  await late.says("¿Siguen abiertos?", 30 * hour);
  await late.is({ name: "Iñaki Zubizarreta Echevarría de la Fuente y Domínguez", username: "inaki", profile: "known" });
  await late.decides({ kind: "silence", reason: "the shop was closed", by: "rule:business-hours" });

  const evil = new Story(store, "105");
  await evil.says(hostile.text, 3 * hour);
  await evil.says(hostile.link, 2.9 * hour);
  await evil.says(undefined, 2.8 * hour, {
    kind: "storyMention",
    attachments: [{ type: "story_mention", url: hostile.url, title: hostile.name }],
  });
  await evil.is({
    name: hostile.name,
    username: hostile.username,
    profile: "known",
    tags: [hostile.name],
    fields: { note: { value: hostile.text, source: "rule", by: hostile.name, at: store.now() } },
  });
  await evil.decides({ kind: "reply", texts: [hostile.text], reason: hostile.name, by: `rule:${hostile.name}` }, {
    rules: [{ rule: hostile.name, verdict: "reply", reason: hostile.text, ms: 1 }],
    agent: {
      ...agentTrace,
      prompt: [{ role: "user", text: hostile.text }],
      tools: [{ name: "reply", args: hostile.text, result: hostile.name }],
    },
  });
  await evil.sends("failed");

  const arabic = new Story(store, "106");
  await arabic.says("مرحبا، كم سعر الحقيبة؟ https://example.com", 5 * hour);
  await arabic.is({ name: "ليلى حداد", username: "layla", profile: "known" });
  arabic.ago = 2 * minute;
  await arabic.writes("We will tell you in a moment 🙂", "seed-command-0001");
  await arabic.sends("uncertain");
  arabic.ago = minute;
  await arabic.writes("The bag is $70.", "seed-command-0002");

  const gone = new Story(store, "107");
  const mid = await gone.says("esto lo borro", 6 * hour);
  await gone.says(undefined, 5.9 * hour, { kind: "unsend", key: `del:${mid}`, mid: undefined, refMid: mid });
  await gone.says(undefined, 5.8 * hour, { kind: "unsupported" });
  await gone.says("😍", 5.7 * hour);

  const lost = new Story(store, "108");
  await lost.says("¿Tienen talla M?", 12 * minute);
  await lost.is({ name: "Camila Duarte", username: "camila.d", profile: "known" });
  await lost.decides({
    kind: "reply",
    texts: ["Sí, la talla M está disponible."],
    reason: "asked for a size",
    by: "agent",
  });
  await lost.sends("uncertain");
  await lost.says("¿hola?", 11 * minute);
  await lost.holds();

  return {
    ana: ana.id,
    luis: luis.id,
    typing: typing.id,
    late: late.id,
    evil: evil.id,
    arabic: arabic.id,
    gone: gone.id,
    lost: lost.id,
  };
}
