import { pathToFileURL } from "node:url";
import { type Clock, systemClock } from "@/clock.ts";
import { getLogger } from "@/log.ts";
import { type ChainResult, runChain } from "@/rules/chain.ts";
import type { RuleTurn } from "@/rules/contract.ts";
import { FolderWatch } from "@/rules/folder_watch.ts";
import { loadCodeRule } from "@/rules/load_code_rule.ts";
import { cannotLoad, type Fault, type FileContent } from "@/rules/rule_file.ts";
import { byCodePoint, type FolderFile, folderFingerprint, hashOf, readRuleFolder } from "@/rules/rule_folder.ts";
import { type FileState, makeRuleSet, type RuleProblem, type RuleSet, type RuleSetState } from "@/rules/rule_set.ts";
import { loadYamlRules } from "@/rules/yaml/load_yaml_rules.ts";

export type { ChainResult } from "@/rules/chain.ts";
export type { RuleInfo, RuleProblem, RuleSet, RuleSetState } from "@/rules/rule_set.ts";

/** The rules of a folder, live: what is saved there runs within a second. */
export interface RuleBook extends AsyncDisposable {
  state(): RuleSetState;
  /** Runs the rules as they are at this moment; a change meanwhile counts from the next turn on. Never rejects. */
  run(turn: RuleTurn): Promise<ChainResult>;
  /** The rules as they are at this moment, to be tried out. */
  current(): RuleSet;
  /** The same with a keyword file as it was pasted, in the place of the file with its name, or what is wrong with it. */
  withFile(file: PastedFile): WithFile;
  /** Reads the folder now. Never rejects: what is wrong is in the state. */
  reload(): Promise<RuleSetState>;
}

/** A keyword file that lies in no folder. */
export interface PastedFile {
  /** Its place in the chain: ends in `.yaml` or `.yml`. */
  readonly name: string;
  readonly text: string;
}

export type WithFile =
  | { readonly kind: "good"; readonly set: RuleSet }
  | { readonly kind: "broken"; readonly faults: readonly Fault[] };

export interface RuleBookOptions {
  readonly dir: string;
  readonly clock: Clock;
  /** Called after each reading that changed the rules, the problems or the warnings. */
  readonly onChange?: (state: RuleSetState) => void;
}

/** Reads the folder and begins to watch it. A folder that is not there yet is a problem in the state, no error. */
export async function openRuleBook(options: RuleBookOptions): Promise<RuleBook> {
  const book = new FolderRuleBook(options);
  await book.reload();
  book.watch();
  return book;
}

class FolderRuleBook implements RuleBook {
  readonly #options: RuleBookOptions;
  readonly #dir: string;
  #files: readonly FileState[] = [];
  #set: RuleSet;
  #watch?: FolderWatch;
  #fingerprint?: string;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: RuleBookOptions) {
    this.#options = options;
    this.#dir = options.dir;
    this.#set = makeRuleSet([], options.clock.now(), []);
  }

  watch(): void {
    this.#watch = new FolderWatch(this.#dir, this.#fingerprint, async () => {
      await this.reload();
    });
  }

  state(): RuleSetState {
    return this.#set.state;
  }

  current(): RuleSet {
    return this.#set;
  }

  withFile({ name, text }: PastedFile): WithFile {
    const content = loadYamlRules(name, text);
    if (content.kind === "broken") return content;
    const file: FileState = {
      name,
      faults: [],
      good: { hash: hashOf(text), rules: content.rules, loadedAt: this.#options.clock.now() },
    };
    const files = [...this.#files.filter((other) => other.name !== name), file];
    const inOrder = files.toSorted((a, b) => byCodePoint(a.name, b.name));
    return { kind: "good", set: makeRuleSet(inOrder, this.#options.clock.now(), []) };
  }

  run(turn: RuleTurn): Promise<ChainResult> {
    const { rules, state: { version } } = this.#set;
    return runChain({ version, rules }, turn, this.#options.clock);
  }

  async reload(): Promise<RuleSetState> {
    this.#reading = this.#reading.then(() => this.#read());
    await this.#reading;
    return this.state();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch?.[Symbol.asyncDispose]();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const now = this.#options.clock.now();
    // Before the files: what is saved while they are read shows as a difference afterwards.
    this.#fingerprint = await folderFingerprint(this.#dir);
    const files = await readRuleFolder(this.#dir).catch(() => undefined);
    if (files === undefined) return this.#publish(makeRuleSet(this.#files, now, [this.#folderProblem(now)]));
    this.#files = await this.#loadAll(files, now);
    this.#publish(makeRuleSet(this.#files, now, []));
  }

  async #loadAll(files: readonly FolderFile[], now: Date): Promise<readonly FileState[]> {
    const before = new Map(this.#files.map((file) => [file.name, file]));
    const states: FileState[] = [];
    for (const file of files) states.push(await this.#load(file, before.get(file.name), now));
    return states;
  }

  async #load(file: FolderFile, before: FileState | undefined, now: Date): Promise<FileState> {
    const { name } = file;
    const brokenSince = before?.brokenSince ?? now;
    if (file.kind === "unreadable") {
      return { name, faults: [{ reason: cannotLoad(name, file.why) }], brokenSince, good: before?.good };
    }
    const { hash } = file;
    if (before?.hash === hash) return before;
    if (before?.good?.hash === hash) return { name, hash, faults: [], good: before.good };
    const content = await this.#contentOf(file);
    if (content.kind === "good") return { name, hash, faults: [], good: { hash, rules: content.rules, loadedAt: now } };
    return { name, hash, faults: content.faults, brokenSince, good: before?.good };
  }

  #contentOf({ name, text, hash }: Extract<FolderFile, { kind: "read" }>): Promise<FileContent> | FileContent {
    if (!name.endsWith(".ts")) return loadYamlRules(name, text);
    const url = pathToFileURL(`${this.#dir}/${name}`).href;
    return loadCodeRule({ file: name, url, hash, text }, systemClock);
  }

  #folderProblem(now: Date): RuleProblem {
    const before = this.state().problems.find(({ file }) => file === this.#dir);
    const isRunning = this.state().rules.length > 0;
    return {
      file: this.#dir,
      reason: `Cannot read the rules folder "${this.#dir}": wants a folder that Moca may read`,
      since: before?.since ?? now,
      ...(isRunning ? { stillRunning: this.state().version } : {}),
    };
  }

  #publish(next: RuleSet): void {
    const before = this.#set.state;
    const isFirst = this.#watch === undefined;
    if (!isFirst && contentOf(before) === contentOf(next.state)) return;
    const hasNewRules = isFirst || before.version !== next.state.version;
    const loadedAt = hasNewRules ? next.state.loadedAt : before.loadedAt;
    this.#set = { ...next, state: { ...next.state, loadedAt } };
    logState(this.#set.state);
    if (!isFirst) this.#announce();
  }

  #announce(): void {
    try {
      this.#options.onChange?.(this.#set.state);
    } catch (error) {
      getLogger("rules").error("a listener to rule changes failed: {error}", { error });
    }
  }
}

function contentOf({ version, problems, warnings }: RuleSetState): string {
  return JSON.stringify({ version, problems, warnings });
}

function logState({ version, rules, problems, warnings }: RuleSetState): void {
  const logger = getLogger("rules");
  logger.info("rules {version} are live: {count} rules, {problems} problems", {
    version,
    count: rules.length,
    problems: problems.length,
  });
  for (const { file, line, column, reason } of problems) logger.warning("{reason}", { file, line, column, reason });
  for (const warning of warnings) logger.warning("{warning}", { warning });
}
