/** Whether Moca stays quick when it holds much: reading, and what one more message costs. */
import { MongoClient } from "mongodb";
import { fillStore } from "@/seed/fill.ts";
import { openTransfer } from "@/store/open_transfer.ts";
import { measureMessageCost } from "./message_cost.ts";
import { type BenchMoca, startMoca } from "./moca.ts";
import { measureReading, type ReadingFigure } from "./reading.ts";

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

export interface ScaleFigures {
  readonly sqlite: readonly ReadingFigure[];
  /** Milliseconds of processor time a message, at a thousand contacts and at the size asked for. */
  readonly cost: { readonly small: number; readonly large: number };
  readonly mongodb?: readonly ReadingFigure[];
}

const small: Size = { contacts: 1_000, messages: 10_000 };

export async function measureScale(options: ScaleOptions): Promise<ScaleFigures> {
  const { dataDir, mongoUri } = options;
  const [costly, cheap] = [
    await withFolder(options, dataDir, async (moca) => ({
      sqlite: await measureReading(moca),
      cost: await measureMessageCost(moca),
    })),
    await withFolder(small, undefined, measureMessageCost),
  ];
  return {
    sqlite: costly.sqlite,
    cost: { small: cheap, large: costly.cost },
    ...(mongoUri === undefined ? {} : { mongodb: await measureMongo(options, mongoUri) }),
  };
}

async function withFolder<Result>(
  size: Size,
  filled: string | undefined,
  measure: (moca: BenchMoca) => Promise<Result>,
): Promise<Result> {
  const dataDir = filled ?? await Deno.makeTempDir({ prefix: "moca-bench-" });
  try {
    if (filled === undefined) await fill(dataDir, size);
    await using moca = await startMoca({ dataDir });
    return await measure(moca);
  } finally {
    if (filled === undefined) await Deno.remove(dataDir, { recursive: true });
  }
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
