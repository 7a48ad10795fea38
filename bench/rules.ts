/** What the rules cost: one turn through a full chain, and reading a folder of a thousand files. */
import { systemClock } from "@/clock.ts";
import { openRuleBook } from "@/rules/rule_book.ts";
import { sampleTurn } from "@/rules/sample_turn.ts";

export interface ChainFigures {
  /** Milliseconds a turn. */
  readonly median: number;
  readonly p95: number;
}

const turns = 2_000;

/** Milliseconds of some clock; the difference of two readings counts. */
export type Stopwatch = () => number;

const wallTime: Stopwatch = () => performance.now();

/** 50 keyword rules with 500 keywords in all; the turn is a burst of three messages that none of them answers. */
export async function measureChain(stopwatch = wallTime): Promise<ChainFigures> {
  const text = Array.from({ length: 50 }, (_, rule) => {
    const words = Array.from({ length: 10 }, (_, word) => `keyword${rule}x${word}`);
    return `- name: rule ${rule}\n  match: { any: [${words}] }\n  reply: hello\n`;
  }).join("");
  return await withFolder({ "70_keywords.yaml": text }, async (dir) => {
    await using book = await openRuleBook({ dir, clock: systemClock });
    const history = Array.from({ length: 20 }, () => ({ text: "something that was said before" }));
    const times: number[] = [];
    for (let count = 0; count < turns; count += 1) {
      const texts = [`hello, how are you ${count}?`, "I saw the blue dress in your story", "do you have it in size M?"];
      const turn = sampleTurn({ texts, history });
      const startedAt = stopwatch();
      await book.run(turn);
      times.push(stopwatch() - startedAt);
    }
    const sorted = times.toSorted((a, b) => a - b);
    return { median: sorted[turns / 2], p95: sorted[turns * 0.95] };
  });
}

/** Milliseconds to read, check and try a thousand keyword files, each with an example. */
export async function measureLoading(stopwatch = wallTime): Promise<number> {
  const files = Array.from({ length: 1_000 }, (_, number) => {
    const examples = `examples: { match: ["a word${number}!"], noMatch: [words] }`;
    return [`${number}.yaml`, `name: rule ${number}\nmatch: { any: [word${number}] }\nreply: hello\n${examples}\n`];
  });
  return await withFolder(Object.fromEntries(files), async (dir) => {
    const startedAt = stopwatch();
    await using book = await openRuleBook({ dir, clock: systemClock });
    const tookMs = stopwatch() - startedAt;
    const { rules, problems } = book.state();
    if (rules.length !== 1_000) throw new Error(`Cannot measure: ${rules.length} rules, ${problems[0]?.reason}`);
    return tookMs;
  });
}

async function withFolder<Result>(
  files: Readonly<Record<string, string>>,
  work: (dir: string) => Promise<Result>,
): Promise<Result> {
  const dir = await Deno.makeTempDir({ prefix: "moca-bench-rules-" });
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${dir}/${name}`, text);
    return await work(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
