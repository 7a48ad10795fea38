/** `deno task bench`: prints the figures of bench/README.md. */
import { measureDueToPost } from "./due_to_post.ts";
import { measureIngest } from "./ingest.ts";
import { measureChain, measureLoading } from "./rules.ts";

async function print(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

const ingest = await measureIngest();
await print(
  `durable ingest    ${ingest.durable.toFixed(0)}/s, HMAC only ${ingest.hmacOnly.toFixed(0)}/s: ratio ${
    ingest.ratio.toFixed(2)
  } (wanted: 0.50 or more)`,
);
const due = await measureDueToPost();
await print(
  `due to POST       median ${due.median.toFixed(1)} ms, p95 ${due.p95.toFixed(1)} ms: ${
    (due.median / 50).toFixed(2)
  } of the 50 ms ceiling at the median`,
);
const chain = await measureChain();
await print(
  `rules a turn      median ${chain.median.toFixed(3)} ms, p95 ${chain.p95.toFixed(3)} ms: 50 rules, 500 keywords ` +
    "(wanted: p95 below 1 ms)",
);
await print(`rules loaded      ${(await measureLoading()).toFixed(0)} ms for 1,000 files (wanted: below 2,000 ms)`);
