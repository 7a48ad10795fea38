import assert from "node:assert/strict";
import type { LogRecord } from "@logtape/logtape";
import { makeSink } from "@/log.ts";
import { StoreUnavailableError } from "@/store/store.ts";

const said = "my card is 4111 and I am sad";

/** The line that a record becomes. */
function lineOf(template: string, properties: Record<string, unknown>, secrets: readonly string[] = []): string {
  const lines: string[] = [];
  const sink = makeSink(secrets, (format) => (record) => void lines.push(format(record)));
  const message = template.split(/\{(\w+)\}/).map((part, index) => index % 2 === 0 ? part : properties[part]);
  const record: LogRecord = {
    category: ["moca", "test"],
    level: "error",
    timestamp: 0,
    rawMessage: template,
    message,
    properties,
  };
  sink(record);
  return lines.join("");
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return assert.fail("nothing was thrown");
  } catch (error) {
    return error;
  }
}

Deno.test("the log shows of a foreign error what it is and where, and not what it says", () => {
  const foreign = thrownBy(() => JSON.parse(said));
  assert.match(String(foreign), /my card/, "the runtime quotes what it was given");
  const line = lineOf("a page failed: {error}", { error: foreign });
  assert.doesNotMatch(line, /card|sad/);
  assert.match(line, /a page failed: .*SyntaxError/);
  assert.match(line, /"at":\[/);
});

Deno.test("the log shows no text of an error's cause, of its properties, nor of what is no error at all", () => {
  const cause = thrownBy(() => JSON.parse(said));
  const wrapped = Object.assign(new StoreUnavailableError("Cannot use the database: SQLITE_BUSY", { cause }), {
    response: said,
    code: said,
  });
  for (const error of [wrapped, said, { text: said, nested: { message: said } }, new AggregateError([cause], said)]) {
    assert.doesNotMatch(lineOf("it failed: {error}", { error }), /card|sad/);
  }
});

Deno.test("the log shows what Moca itself says of an error", () => {
  const own = new StoreUnavailableError("Cannot use the database: SQLITE_BUSY");
  const line = lineOf("it failed: {error}", { error: own });
  assert.match(line, /it failed: .*StoreUnavailableError: Cannot use the database: SQLITE_BUSY/);
  assert.match(line, /"at":\["src\/log_test\.ts:\d+:\d+"/);
});

Deno.test("the log is not fooled by a message that looks like a place in Moca", () => {
  const place = new URL("./main.ts", import.meta.url).href;
  const fake = new Error(`${said}\n    at ours (${place}:1:1)`);
  fake.stack = `Error: ${fake.message}\n    at theirs (file:///npm/x.js:1:1)`;
  assert.doesNotMatch(lineOf("it failed: {error}", { error: fake }), /card|sad/);
});

Deno.test("the log blacks out fields by their names, at any depth", () => {
  const line = lineOf("sent", { text: said, message2: { body: said, accessToken: said, cookie: [said] }, count: 3 });
  assert.doesNotMatch(line, /card|sad/);
  assert.match(line, /"count":3/);
});

Deno.test("the log blacks out what looks like a secret, and the secrets that it was told", () => {
  const line = lineOf("asked {url} {note}", {
    url: "https://graph.instagram.com/me?access_token=IGAAabcdefghijklmnopqrstuvw",
    note:
      'Bearer abc.def sk-abcdefghijklmnopqrst cookie moca_session=abc_DEF mongodb://moca:pw@db/x sha256=0123456789abcdef01 my"secret',
  }, ['my"secret', "me"]);
  assert.doesNotMatch(line, /IGAA|abc|pw|0123|my/);
  assert.match(line, /graph\.instagram\.com\/me\?access_token=\[TOKEN\]/);
  assert.match(line, /\[SECRET\]/);
});
