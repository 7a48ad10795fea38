/**
 * A real Moca process under load, killed and mistreated, judged by the pretend Instagram's own log. Contacts write
 * numbered texts; a rule answers with the numbers that it saw, so the log tells which text was answered, how often
 * and in which order.
 */
import assert from "node:assert/strict";
import { systemClock } from "@/clock.ts";
import { badDay, type FaultOrder } from "@/simulator/faults.ts";
import { type PretendInstagram, startInstagram } from "@/simulator/instagram.ts";
import { type Random, seededRandom } from "@/simulator/random.ts";
import { MocaProcess } from "@tests/support/moca_process.ts";
import { accountId, adminToken, type Json } from "@tests/support/test_moca.ts";

export interface ChaosOptions {
  readonly contacts: number;
  /** Texts that each contact writes, or fewer when every kill is done sooner. */
  readonly texts: number;
  /** Texts that a contact writes in one go. Default 1. */
  readonly burst?: number;
  /** How long Moca waits for the rest of a burst. Default 100. */
  readonly debounceMs?: number;
  /** How long a contact waits for an answer before writing on. Default 8,000. */
  readonly patienceMs?: number;
  /** Times that the process is killed, at random moments. */
  readonly kills: number;
  readonly faults: readonly FaultOrder[];
  /** Until when there are faults: until contacts write no more (default), or until everything is at rest. */
  readonly faultsUntil?: "written" | "rest";
  /** Chooses moments, faults and pauses. */
  readonly seed: number;
}

export interface ChaosReport {
  readonly kills: number;
  readonly events: number;
  readonly requests: number;
  readonly faultyRequests: number;
  readonly applied: number;
  /** Texts of contacts that are neither answered nor with a person, by `psid/number`. */
  readonly lost: readonly string[];
  /** What Moca itself says of the first of them. */
  readonly lostBecause: readonly string[];
  /** Texts that were answered more than once. */
  readonly twice: readonly string[];
  /** Contacts whose answers came in another order than their texts. */
  readonly outOfOrder: readonly string[];
  /** Requests about a contact that arrived while another was under way. */
  readonly overlaps: number;
  /** Answers that a person must decide on, or that were stopped, by state and reason. */
  readonly withPeople: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** The bad day's faults but for those that stop the account or the contact for good, at the given share of requests. */
export function faultsAt(share: number): readonly FaultOrder[] {
  const faults = badDay.filter(({ fault }) => fault !== "tokenExpired" && fault !== "windowClosed");
  const whole = faults.reduce((sum, { rate = 0 }) => sum + rate, 0);
  return faults.map((order) => ({
    ...order,
    rate: (order.rate ?? 0) * share / whole,
    ...(order.fault === "lateApply" ? { delayMs: 1_000 } : {}),
    ...(order.fault === "http429" || order.fault === "code613" ? { retryAfter: "1" } : {}),
  }));
}

const appSecret = "chaos-app-secret";

/** Meta repeats a webhook for 36 hours; here it gives up after a quarter of an hour, twice a second. */
const patience = 1_800;

const rule = `import { defineRule, reply } from "moca/rule";

export default defineRule({
  name: "numbers",
  description: "Answers with the numbers that it saw",
  apply: ({ texts }) => reply(\`seen \${texts.join(" ")}\`, "numbers"),
});
`;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const startedAt = performance.now();
  const random = seededRandom(options.seed);
  const dir = await Deno.makeTempDir({ prefix: "moca-chaos-" });
  await Deno.mkdir(`${dir}/rules`);
  await Deno.writeTextFile(`${dir}/rules/10_numbers.ts`, rule);
  const place: { url: string } = { url: "" };
  const instagram = await startInstagram({
    clock: systemClock,
    accountId,
    username: "chaos.shop",
    token: "sandbox-token",
    appSecret,
    webhookUrl: () => `${place.url}/webhook`,
    seed: options.seed,
    retryPausesMs: [0, ...Array(patience).fill(500)],
  });
  const moca = new MocaProcess(environment(dir, instagram.url));
  try {
    await restart(moca, place);
    await calmSettings(moca.url, options);
    for (const order of options.faults) instagram.fail(order);
    const enough = new AbortController();
    const writing = writeAll(instagram, { ...options, enough: enough.signal, random });
    const kills = await killWhile(writing, { moca, place, kills: options.kills, random });
    if (kills > 0) enough.abort();
    const written = await writing;
    if (options.faultsUntil !== "rest") instagram.clearFaults();
    await comeToRest(moca.url);
    return { ...await judge(instagram, moca.url, written), kills, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await moca.kill();
    await instagram[Symbol.asyncDispose]();
    await Deno.remove(dir, { recursive: true });
  }
}

function environment(dir: string, graphUrl: string): Record<string, string> {
  return {
    MOCA_MODE: "sandbox",
    PORT: "0",
    MOCA_DATA_DIR: `${dir}/data`,
    MOCA_RULES_DIR: `${dir}/rules`,
    MOCA_ADMIN_TOKEN: adminToken,
    META_APP_SECRET: appSecret,
    IG_GRAPH_URL: graphUrl,
    IG_ACCOUNT_ID: accountId,
    LOG_LEVEL: "error",
  };
}

async function restart(moca: MocaProcess, place: { url: string }): Promise<void> {
  await moca.kill();
  await moca.start();
  place.url = moca.url;
}

async function ask(url: string, path: string, init: RequestInit = {}): Promise<Json> {
  const headers = { "x-admin-token": adminToken, "content-type": "application/json" };
  const response = await fetch(`${url}/api/v1${path}`, { ...init, headers });
  assert.equal(response.status, 200, path);
  return await response.json();
}

async function calmSettings(url: string, { debounceMs = 100 }: ChaosOptions): Promise<void> {
  const settings = { debounceMs, cooldownMs: 0, sendsPerSecond: 20, maxTurnsPerHour: 1_000 };
  await ask(url, "/settings", { method: "PATCH", body: JSON.stringify(settings) });
}

function psidOf(index: number): string {
  return `50000000000${String(index).padStart(5, "0")}`;
}

type Writing = ChaosOptions & { readonly enough: AbortSignal; readonly random: Random };

/** How many texts each contact wrote. */
type Written = ReadonlyMap<string, number>;

async function writeAll(instagram: PretendInstagram, options: Writing): Promise<Written> {
  const contacts = Array.from({ length: options.contacts }, (_, index) => psidOf(index));
  const counts = contacts.map(async (psid) => [psid, await writeOne(instagram, psid, options)] as const);
  return new Map(await Promise.all(counts));
}

/** Writes the next burst when the one before is answered, or after a while all the same. */
async function writeOne(
  instagram: PretendInstagram,
  psid: string,
  { texts, burst = 1, patienceMs = 8_000, enough, random }: Writing,
): Promise<number> {
  await systemClock.wait(random() * 2_000);
  let written = 0;
  for (let next = 1; next <= texts && !enough.aborted; next += burst) {
    const numbers = Array.from({ length: Math.min(burst, texts - next + 1) }, (_, index) => next + index);
    const delivery = instagram.contactBegins(psid, numbers.map((n) => ({ kind: "text", text: `#${n}` })));
    written = numbers.at(-1) ?? written;
    await delivery.settled;
    const last = `#${numbers.at(-1)}`;
    const isAnswered = (): boolean => instagram.applied(psid).some(({ text }) => text.split(" ").includes(last));
    for (let waited = 0; waited < patienceMs && !isAnswered(); waited += 250) await systemClock.wait(250);
    await systemClock.wait(random() * 100);
  }
  return written;
}

async function killWhile(
  writing: Promise<unknown>,
  { moca, place, kills, random }: { moca: MocaProcess; place: { url: string }; kills: number; random: Random },
): Promise<number> {
  let isOver = false;
  void writing.finally(() => isOver = true);
  let done = 0;
  while (done < kills && !isOver) {
    await systemClock.wait(random() * 1_500);
    await restart(moca, place);
    done += 1;
  }
  return done;
}

/**
 * Waits until nothing is on its way and nothing is pending, for as long as there is less from one ten minutes to the
 * next: an account that was throttled often goes on slowly for an hour.
 */
async function comeToRest(url: string): Promise<void> {
  let least = Infinity;
  let lessAt = performance.now();
  for (let quiet = 0; quiet < 4;) {
    const { total } = await ask(url, "/outbound?state=queued,sending,uncertain&limit=1");
    quiet = total === 0 ? quiet + 1 : 0;
    if (total < least) lessAt = performance.now();
    least = Math.min(least, total);
    assert.ok(performance.now() - lessAt < 600_000, `${total} texts are still on their way`);
    await systemClock.wait(500);
  }
}

type Verdict = Omit<ChaosReport, "kills" | "seconds">;

async function judge(instagram: PretendInstagram, url: string, written: Written): Promise<Verdict> {
  const undelivered = await textsWithPeople(url);
  const lost: string[] = [];
  const twice: string[] = [];
  const outOfOrder: string[] = [];
  for (const [psid, count] of written) {
    const answered = instagram.applied(psid).flatMap(({ text }) => numbersIn(text));
    const known = new Set([...answered, ...undelivered.filter((item) => item.psid === psid).flatMap(numbersOf)]);
    for (let n = 1; n <= count; n += 1) {
      if (!known.has(n)) lost.push(`${psid}/${n}`);
      if (answered.filter((number) => number === n).length > 1) twice.push(`${psid}/${n}`);
    }
    if (answered.some((number, place) => number < (answered[place - 1] ?? 0))) outOfOrder.push(psid);
  }
  const sends = instagram.log.filter(({ event, call }) => event === "request" && call === "send");
  return {
    events: [...written.values()].reduce((sum, count) => sum + count, 0),
    requests: sends.length,
    faultyRequests: sends.filter(({ fault }) => fault !== undefined).length,
    applied: instagram.applied().length,
    lost,
    lostBecause: await Promise.all(lost.slice(0, 6).map((text) => reasonOf(url, text))),
    twice,
    outOfOrder,
    overlaps: sends.filter(({ overlaps }) => overlaps > 0).length,
    withPeople: Object.fromEntries(
      Object.entries(Object.groupBy(undelivered, ({ state, reason }) => `${state}: ${reason}`))
        .map(([words, items = []]) => [words, items.length] as const),
    ),
  };
}

/** What Moca decided on a contact's text, by its own word. */
async function reasonOf(url: string, text: string): Promise<string> {
  const [psid, number] = text.split("/");
  const { items } = await ask(url, `/conversations/${accountId}_${psid}/messages?limit=200`);
  const message = items.find((item: Json) => item.role === "user" && item.text === `#${number}`);
  if (message === undefined) return `${text}: there is no such message`;
  if (message.turnId === null) return `${text}: not decided`;
  const { outcome, outboundIds } = await ask(url, `/turns/${message.turnId}`);
  const sends = await Promise.all(outboundIds.map((id: string) => ask(url, `/outbound/${id}`)));
  const states = sends.map(({ state, reason, text: said }) => `${state} (${reason}) "${said}"`);
  return `${text}: ${outcome.kind} by ${outcome.by}: ${outcome.reason}; ${states.join(", ")}`;
}

interface Undelivered {
  readonly psid: string;
  readonly state: string;
  readonly reason: string | null;
  readonly text: string;
}

/** What Moca shows to people instead of having it sent. A cancelled answer counts: its reason says what became of it. */
async function textsWithPeople(url: string): Promise<readonly Undelivered[]> {
  const found: Undelivered[] = [];
  for (let cursor = "";;) {
    const page = await ask(url, `/outbound?state=held,failed,expired&limit=200${cursor}`);
    found.push(...page.items);
    if (page.nextCursor === null) return found;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

function numbersOf({ text }: Undelivered): readonly number[] {
  return numbersIn(text);
}

function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/#(\d+)/g)].map(([, digits]) => Number(digits));
}
