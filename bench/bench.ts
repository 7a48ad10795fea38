/** `deno task bench`: prints the figures of bench/README.md. `--only speed`, `outbound` or `scale` leaves the others out. */
import { parseArgs } from "node:util";
import { startMongo } from "@tests/support/mongo_server.ts";
import { withDatabase } from "@/store/mongodb/testing/temporary_mongo.ts";
import { measureBusy } from "./busy.ts";
import { type DrainFigures, measureDrainOnMongo, measureDrainOnSqlite, measurePace } from "./drain.ts";
import { type DueFigures, measureDueToPost } from "./due_to_post.ts";
import { measureIngest } from "./ingest.ts";
import { measureOnScreen } from "./on_screen.ts";
import type { ReadingFigure } from "./reading.ts";
import { measureScale, type ScaleOptions } from "./scale.ts";
import { measureChain, measureLoading } from "./rules.ts";

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

async function printSpeed(): Promise<void> {
  const ingest = await measureIngest();
  print(
    `durable ingest    ${ingest.durable.toFixed(0)}/s, HMAC only ${ingest.hmacOnly.toFixed(0)}/s: ratio ${
      ingest.ratio.toFixed(2)
    } (wanted: 0.50 or more)`,
  );
  print(dueLine("due to POST       ", await measureDueToPost()));
  const chain = await measureChain();
  print(
    `rules a turn      median ${chain.median.toFixed(3)} ms, p95 ${chain.p95.toFixed(3)} ms: 50 rules, 500 keywords ` +
      "(wanted: p95 below 1 ms)",
  );
  print(`rules loaded      ${(await measureLoading()).toFixed(0)} ms for 1,000 files (wanted: below 2,000 ms)`);
}

function dueLine(name: string, { median, p95 }: DueFigures): string {
  const ratio = (p95 / 50).toFixed(2);
  return `${name}median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms: ${ratio} of the 50 ms ceiling at the p95`;
}

async function printScreen(): Promise<void> {
  const figures = await measureOnScreen();
  if (figures === undefined) return print("webhook to screen not measured: no browser, set CHROMIUM_PATH");
  const { median, p95 } = figures;
  print(
    `webhook to screen median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, in the later of two windows ` +
      "(wanted: p95 of 1,000 ms or less)",
  );
}

async function printOutbound(): Promise<void> {
  print(dueLine("1,000 busy        due to POST ", await measureBusy()));
  for (const setting of [3, 20]) {
    const rate = await measurePace(setting, 15);
    print(`pace              ${rate.toFixed(2)}/s at the setting ${setting}: ratio ${(rate / setting).toFixed(2)}`);
  }
  print(drainLine("SQLite", "plainjob", await measureDrainOnSqlite(1_000)));
  const mongo = await startMongo();
  if ("unavailable" in mongo) return print(`drain on MongoDB  not measured: ${mongo.unavailable}`);
  const figures = await measureDrainOnMongo(300, (name) => withDatabase(mongo.uri, name));
  print(drainLine(mongo.name, "agenda", figures));
  await mongo[Symbol.asyncDispose]();
}

function drainLine(store: string, name: string, { moca, peer }: DrainFigures): string {
  const ratio = (moca / peer).toFixed(2);
  return `drain on ${store}: Moca ${moca.toFixed(0)} texts/s, ${name} ${peer.toFixed(0)} jobs/s: ratio ${ratio}`;
}

async function printScale(options: ScaleOptions): Promise<void> {
  const { contacts, messages } = options;
  print(`with ${contacts} contacts and ${messages} messages, through HTTP (wanted on SQLite: p95 of 40 ms or less)`);
  const { small, large } = await measureScale(options, {
    rendering: (figures) => {
      for (const figure of figures) print(`render   ${lineOf(figure)} (wanted: p95 of 5 ms or less)`);
    },
    reading: (store, figures) => {
      for (const figure of figures) print(`${store.padEnd(8)} ${lineOf(figure)}`);
    },
  });
  print(
    `cost a message    ${large.toFixed(2)} ms of processor time, ${small.toFixed(2)} ms with 1000 contacts: ratio ${
      (large / small).toFixed(2)
    } (wanted: 1.30 or less)`,
  );
}

function lineOf({ name, median, p95, processorP95 }: ReadingFigure): string {
  const [half, most, spent] = [median, p95, processorP95].map((ms) => `${ms.toFixed(1).padStart(6)} ms`);
  return `${name.padEnd(46)} median ${half}, p95 ${most}, of processor time p95 ${spent}`;
}

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    contacts: { type: "string", default: "5000" },
    messages: { type: "string", default: "50000" },
    data: { type: "string" },
  },
});
const size = { contacts: Number(values.contacts), messages: Number(values.messages) };
const mongoUri = Deno.env.get("MONGODB_TEST_URI") || undefined;
const parts: Readonly<Record<string, () => Promise<void>>> = {
  speed: printSpeed,
  screen: printScreen,
  outbound: printOutbound,
  scale: () => printScale({ ...size, dataDir: values.data, mongoUri }),
};
for (const [name, measure] of Object.entries(parts)) if ((values.only ?? name) === name) await measure();
