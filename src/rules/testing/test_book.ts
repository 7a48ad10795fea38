import { systemClock } from "@/clock.ts";
import { openRuleBook, type RuleBook, type RuleSetState } from "@/rules/rule_book.ts";

/** A rule book over a folder of its own, and what a test does to it. */
export interface TestBook extends AsyncDisposable {
  readonly dir: string;
  readonly book: RuleBook;
  /** Writes a file as a plain save does. */
  save(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Resolves with the first state announced from now on, or the one that is there, which is as wanted. */
  becomes(isWanted: (state: RuleSetState) => boolean): Promise<RuleSetState>;
}

export async function openTestBook(files: Readonly<Record<string, string>>): Promise<TestBook> {
  const parent = await Deno.makeTempDir({ prefix: "moca-rules-" });
  const dir = `${parent}/rules`;
  await Deno.mkdir(dir);
  const save = (name: string, text: string): Promise<void> => Deno.writeTextFile(`${dir}/${name}`, text);
  for (const [name, text] of Object.entries(files)) await save(name, text);
  const listeners = new Set<(state: RuleSetState) => void>();
  const onChange = (state: RuleSetState): void => listeners.forEach((listener) => listener(state));
  const book = await openRuleBook({ dir, clock: systemClock, onChange });
  return {
    dir,
    book,
    save,
    remove: (name) => Deno.remove(`${dir}/${name}`),
    becomes: (isWanted) =>
      new Promise((resolve) => {
        const listener = (state: RuleSetState): void => {
          if (!isWanted(state)) return;
          listeners.delete(listener);
          resolve(state);
        };
        listeners.add(listener);
        listener(book.state());
      }),
    [Symbol.asyncDispose]: async () => {
      await book[Symbol.asyncDispose]();
      await Deno.remove(parent, { recursive: true });
    },
  };
}

/** A code rule that always answers `text`. */
export function codeRule(name: string, text: string): string {
  const rule = `{ name: "${name}", description: "", apply: () => reply("${text}") }`;
  return `import { defineRule, reply } from "moca/rule";\nexport default defineRule(${rule});\n`;
}

/** A keyword rule that answers `text` to "hi". */
export function yamlRule(name: string, text: string): string {
  return `name: ${name}\nmatch: { any: [hi] }\nreply: ${text}\n`;
}
