import assert from "node:assert/strict";
import { breakages, breakFile, codeFile, goodFile, yamlFile } from "@/rules/testing/breakages.ts";
import { type Json, TestMoca } from "@tests/support/test_moca.ts";

const ana = "6001";

/** The API's word on the rules once it fits; asks until then, for 5 s at most. */
async function rulesOnce(test: TestMoca, fits: (rules: Json) => boolean): Promise<Json> {
  const giveUpAt = performance.now() + 5_000;
  for (;;) {
    const rules = await test.get("/rules");
    if (fits(rules)) return rules;
    assert.ok(performance.now() < giveUpAt, `not within 5 s: ${JSON.stringify(rules.problems)}`);
  }
}

/** A contact who writes again as soon as the answer is there, for as long as the test wants it. */
class Traffic {
  readonly answers: string[] = [];
  sent = 0;
  #isOver = false;
  #heard: (() => void)[] = [];

  async run(test: TestMoca): Promise<void> {
    while (!this.#isOver) {
      this.sent += 1;
      await test.instagram.contactSends(ana, { kind: "text", text: "hi" });
      await test.pass(2_000);
      this.answers.splice(0, Infinity, ...test.delivered(ana));
      for (const heard of this.#heard.splice(0)) heard();
    }
  }

  /** Resolves with the answer to a message that is written after now. */
  async next(): Promise<string | undefined> {
    for (let round = 0; round < 2; round += 1) await new Promise<void>((heard) => this.#heard.push(heard));
    return this.answers.at(-1);
  }

  end(): void {
    this.#isOver = true;
  }
}

for (const file of [codeFile, yamlFile]) {
  const ways = breakages.filter((breakage) => breakage.file === file);
  Deno.test(`${ways.length} ways to break ${file} while contacts write: the last good rules answer throughout`, async () => {
    const rulesDir = await Deno.makeTempDir({ prefix: "moca-live-" });
    await Deno.writeTextFile(`${rulesDir}/${file}`, goodFile(file, "answer 0"));
    const settings = { cooldownMs: 0, debounceMs: 0, maxTurnsPerHour: 1_000 };
    await using test = await TestMoca.start({ rulesDir, settings });
    const traffic = new Traffic();
    const running = traffic.run(test);
    try {
      for (const [number, breakage] of ways.entries()) {
        await breakFile(rulesDir, breakage);
        const { problems: [problem], version } = await rulesOnce(test, ({ problems }) => problems.length > 0);
        assert.match(problem.reason, breakage.reason, breakage.what);
        assert.equal(problem.file, file);
        if (breakage.line !== undefined) assert.equal(problem.line, breakage.line, breakage.what);
        if (breakage.column !== undefined) assert.equal(problem.column, breakage.column, breakage.what);
        assert.equal(await traffic.next(), `answer ${number}`, breakage.what);
        await Deno.remove(`${rulesDir}/${file}`);
        const savedAt = performance.now();
        await Deno.writeTextFile(`${rulesDir}/${file}`, goodFile(file, `answer ${number + 1}`));
        await rulesOnce(
          test,
          ({ rules, problems, version: next }) => rules.length > 0 && problems.length === 0 && next !== version,
        );
        assert.ok(
          performance.now() - savedAt < 1_000,
          `${breakage.what}: live ${performance.now() - savedAt} ms later`,
        );
        assert.equal(await traffic.next(), `answer ${number + 1}`, breakage.what);
      }
    } finally {
      traffic.end();
      await running;
    }
    const numbers = traffic.answers.map((answer) => Number(answer.replace("answer ", "")));
    assert.equal(traffic.answers.length, traffic.sent, "every message was answered, once");
    assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b));
    await Deno.remove(rulesDir, { recursive: true });
  });
}
