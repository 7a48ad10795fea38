/** The conversation cases of this folder: who says what to which business, and what must come of it. */
import { parse } from "yaml";
import { z } from "zod";
import { settingsSchema } from "@/conversation/settings.ts";

const outcome = z.enum(["reply", "silence", "handOff"]);
const list = z.array(z.string().min(1));

const expectation = z.strictObject({
  /** One of them. */
  outcome: z.union([outcome.transform((one) => [one]), z.array(outcome).min(1)]),
  /** Each must stand in the answer, whatever case and accents; a hand-off or silence has no answer to hold to it. */
  all: list.default([]),
  /** One of them must. */
  any: list.default([]),
  /** None may. */
  none: list.default([]),
  /** Of the answer, where it tells. */
  language: z.string().length(2).optional(),
  /** Messages at most. */
  parts: z.int().min(1).default(4),
  /** Exactly what is learned, when given: `{}` for nothing. */
  facts: z.record(z.string(), z.string()).optional(),
  /** Fields of which nothing may be learned. */
  noFacts: list.default([]),
  /** Tools that must be used on the way. */
  tools: list.default([]),
  optOut: z.boolean().optional(),
});

const said = z.union([
  z.strictObject({ contact: z.string() }),
  z.strictObject({ bot: z.string() }),
  z.strictObject({ team: z.string() }),
]);

const caseSchema = z.strictObject({
  name: z.string().min(1),
  /** What came before, oldest first. */
  before: z.array(said).default([]),
  /** The burst. */
  says: z.array(z.string()).min(1),
  expect: expectation,
  /** The demo model, which knows a few patterns, must pass it too. */
  demo: z.boolean().default(false),
});

export type Expectation = z.infer<typeof expectation>;
export type Said = z.infer<typeof said>;

export interface EvalCase extends z.infer<typeof caseSchema> {
  /** The file it stands in, without its ending. */
  readonly group: string;
}

const businessSchema = z.strictObject({
  username: z.string(),
  settings: settingsSchema.partial(),
  documents: z.array(z.strictObject({ title: z.string(), text: z.string() })),
});

export type Business = z.infer<typeof businessSchema>;

/** Every case, in order of files. @throws with the file's name when one cannot be read */
export async function readCases(folder: string): Promise<readonly EvalCase[]> {
  const files = await Array.fromAsync(Deno.readDir(folder));
  const names = files.map(({ name }) => name).filter((name) => name.endsWith(".yaml")).toSorted();
  const groups = await Promise.all(names.map(async (name) => {
    const cases = await readYaml(`${folder}/${name}`, z.array(caseSchema));
    return cases.map((one): EvalCase => ({ ...one, group: name.replace(/\.yaml$/, "") }));
  }));
  return groups.flat();
}

export function readBusiness(path: string): Promise<Business> {
  return readYaml(path, businessSchema);
}

async function readYaml<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(parse(await Deno.readTextFile(path)));
  if (!parsed.success) throw new TypeError(`Cannot read cases of "${path}": ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
