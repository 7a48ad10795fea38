/** Whether Moca stays quick when it holds much: reading, and what one more message costs. */
import { MongoClient } from "mongodb";
import { fillStore } from "@/seed/fill.ts";
import { openTransfer } from "@/store/open_transfer.ts";
import { measureMessageCost, type MessageCost } from "./message_cost.ts";
import { startMoca } from "./moca.ts";
import { measureReading, type ReadingFigure } from "./reading.ts";
import { measureRendering, type RenderingFigure } from "./rendering.ts";

export interface Size {
  readonly contacts: number;
  readonly messages: number;
}

export interface ScaleOptions extends Size {
  /** A data folder that `deno task seed` has filled to this size; absent: one is filled for the measurement. */
  readonly dataDir?: string;
  /** A MongoDB's URI to be measured as well; the database `moca_bench` on it is dropped. */
  readonly mongoUri?: string;
}

const small: Size = { contacts: 1_000, messages: 10_000 };

/** Is told each part as soon as it is measured. */
export interface ScaleReport {
  readonly rendering: (figures: readonly RenderingFigure[]) => void;
  readonly reading: (store: "SQLite" | "MongoDB", figures: readonly ReadingFigure[]) => void;
}

export async function measureScale(options: ScaleOptions, report: ScaleReport): Promise<MessageCost> {
  const { dataDir, mongoUri } = options;
  await using folders = new AsyncDisposableStack();
  const filled = dataDir ?? await filledFolder(folders, options);
  report.rendering(await measureRendering(filled));
  await using large = await startMoca({ dataDir: filled });
  report.reading("SQLite", await measureReading(large));
  await using little = await startMoca({ dataDir: await filledFolder(folders, small) });
  const cost = await measureMessageCost(little, large);
  if (mongoUri !== undefined) report.reading("MongoDB", await measureMongo(options, mongoUri));
  return cost;
}

/** Goes away with the stack. */
async function filledFolder(folders: AsyncDisposableStack, size: Size): Promise<string> {
  const dir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  folders.defer(() => Deno.remove(dir, { recursive: true }));
  await fill(dir, size);
  return dir;
}

async function fill(place: string, size: Size): Promise<void> {
  await using transfer = await openTransfer(place);
  await fillStore(transfer, size);
}

async function measureMongo(size: Size, serverUri: string): Promise<readonly ReadingFigure[]> {
  const client = new MongoClient(serverUri);
  const mongoUri = serverUri.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, "$1/moca_bench");
  const dataDir = await Deno.makeTempDir({ prefix: "moca-bench-" });
  try {
    await client.db("moca_bench").dropDatabase();
    await fill(mongoUri, size);
    await using moca = await startMoca({ dataDir, mongoUri });
    return await measureReading(moca);
  } finally {
    await client.db("moca_bench").dropDatabase();
    await client.close();
    await Deno.remove(dataDir, { recursive: true });
  }
}
