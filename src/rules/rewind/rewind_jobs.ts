import { resolveSettings } from "@/conversation/settings.ts";
import { addMs } from "@/conversation/due_time.ts";
import { getLogger } from "@/log.ts";
import { rewind, type RewindChange, type RewindDeps } from "@/rules/rewind/rewind.ts";
import type { PastedFile, RuleBook } from "@/rules/rule_book.ts";
import type { Fault } from "@/rules/rule_file.ts";
import type { RuleSet } from "@/rules/rule_set.ts";
import type { Account } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface RewindRequest {
  /** Absent: the first account. */
  readonly accountId?: string;
  /** How far back, 1 to 365. */
  readonly days: number;
  /** A keyword file to try in the place of the one with its name, or as a new one. */
  readonly file?: PastedFile;
  /** Tokens for asking the model where rules would leave a turn to it. Default 0: it is not asked. */
  readonly tokenBudget?: number;
}

/** One run over the past, as it stands. */
export interface RewindState {
  readonly id: string;
  readonly state: "running" | "done" | "cancelled" | "failed";
  readonly accountId: string;
  readonly days: number;
  readonly fileName?: string;
  /** Of the rules that were tried. */
  readonly version: string;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  /** 0 to 1, by time. */
  readonly progress: number;
  /** Turns that were looked at. */
  readonly turns: number;
  /** Of them: no rule ever saw these, or nothing of them is kept. */
  readonly skipped: number;
  readonly same: number;
  readonly changed: number;
  /** `pass>reply` → how many. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly model: { readonly asked: number; readonly tokens: number; readonly budget: number };
}

export type StartOutcome =
  | { readonly kind: "started"; readonly id: string }
  /** One at a time. */
  | { readonly kind: "busy"; readonly id: string }
  | { readonly kind: "broken"; readonly faults: readonly Fault[] }
  | { readonly kind: "noAccount" };

/** Runs that are remembered; the oldest is forgotten first. */
const maxJobs = 5;

/** Changed turns that one run remembers; those beyond are counted. */
const maxChanges = 10_000;

export interface RewindJobsDeps extends RewindDeps {
  readonly store: RewindDeps["store"] & Pick<Store, "accounts" | "now">;
  readonly rules: Pick<RuleBook, "current" | "withFile">;
}

/** Runs of rules over the past, in the background and in memory: one at a time, gone with the process. */
export class RewindJobs implements AsyncDisposable {
  readonly #deps: RewindJobsDeps;
  readonly #jobs = new Map<string, Job>();

  constructor(deps: RewindJobsDeps) {
    this.#deps = deps;
  }

  async start(request: RewindRequest): Promise<StartOutcome> {
    const { accounts } = this.#deps.store;
    const account = request.accountId === undefined
      ? (await accounts.list())[0]
      : await accounts.get(request.accountId);
    if (account === undefined) return { kind: "noAccount" };
    const running = this.list().find(({ state }) => state === "running");
    if (running !== undefined) return { kind: "busy", id: running.id };
    const chosen = this.#chainFor(request.file);
    if (chosen.kind === "broken") return chosen;
    const job = new Job(request, { account, set: chosen.set, now: this.#deps.store.now() });
    this.#remember(job);
    job.begin(this.#deps);
    return { kind: "started", id: job.id };
  }

  /** Newest first. */
  list(): readonly RewindState[] {
    return [...this.#jobs.values()].map((job) => job.state).toReversed();
  }

  get(id: string): RewindState | undefined {
    return this.#jobs.get(id)?.state;
  }

  /** The changed turns from number `offset` on, oldest first. */
  changes(id: string, page: { readonly offset: number; readonly limit: number }): readonly RewindChange[] {
    return this.#jobs.get(id)?.changes.slice(page.offset, page.offset + page.limit) ?? [];
  }

  /** Changed turns that are remembered. */
  kept(id: string): number {
    return this.#jobs.get(id)?.changes.length ?? 0;
  }

  /** Ends a run; what it found stays. Harmless when it has ended. */
  cancel(id: string): "cancelled" | "unknown" {
    const job = this.#jobs.get(id);
    job?.abort();
    return job === undefined ? "unknown" : "cancelled";
  }

  /** Resolves when the run has ended; for tests and for an orderly end. */
  async ended(id: string): Promise<void> {
    await this.#jobs.get(id)?.done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const job of this.#jobs.values()) job.abort();
    await Promise.all([...this.#jobs.values()].map(({ done }) => done));
  }

  #chainFor(file: PastedFile | undefined): ReturnType<RuleBook["withFile"]> {
    return file === undefined ? { kind: "good", set: this.#deps.rules.current() } : this.#deps.rules.withFile(file);
  }

  #remember(job: Job): void {
    this.#jobs.set(job.id, job);
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size > maxJobs) this.#jobs.delete(oldest);
  }
}

class Job {
  readonly id = crypto.randomUUID();
  readonly changes: RewindChange[] = [];
  state: RewindState;
  done: Promise<void> = Promise.resolve();
  readonly #abort = new AbortController();
  readonly #basis: { readonly account: Account; readonly set: RuleSet; readonly now: Date };
  readonly #since: Date;

  constructor(
    { days, file, tokenBudget = 0 }: RewindRequest,
    basis: { readonly account: Account; readonly set: RuleSet; readonly now: Date },
  ) {
    this.#basis = basis;
    this.#since = addMs(basis.now, -days * 24 * 3_600_000);
    this.state = {
      id: this.id,
      state: "running",
      accountId: basis.account.id,
      days,
      ...(file === undefined ? {} : { fileName: file.name }),
      version: basis.set.state.version,
      startedAt: basis.now,
      progress: 0,
      turns: 0,
      skipped: 0,
      same: 0,
      changed: 0,
      kinds: {},
      model: { asked: 0, tokens: 0, budget: tokenBudget },
    };
  }

  begin(deps: RewindJobsDeps): void {
    this.done = this.#run(deps);
  }

  abort(): void {
    this.#abort.abort();
  }

  async #run(deps: RewindJobsDeps): Promise<void> {
    const { account, set } = this.#basis;
    const settings = resolveSettings(account.settings);
    const options = { account, settings, since: this.#since, set, tokenBudget: this.state.model.budget };
    const { signal } = this.#abort;
    try {
      await rewind(options, deps, { listener: this, signal });
      this.#end(signal.aborted ? "cancelled" : "done", deps);
    } catch (error) {
      getLogger("rules").error("a rewind failed: {error}", { error });
      this.#end("failed", deps);
    }
  }

  #end(state: RewindState["state"], { store }: RewindJobsDeps): void {
    const progress = state === "done" ? 1 : this.state.progress;
    this.state = { ...this.state, state, progress, endedAt: store.now() };
  }

  tried({ decidedAt }: { readonly decidedAt: Date }, outcome: RewindChange | "same" | "skipped"): void {
    const { state } = this;
    const span = this.#basis.now.getTime() - this.#since.getTime();
    const progress = Math.min(1, Math.max(0, (decidedAt.getTime() - this.#since.getTime()) / span));
    this.state = { ...state, progress, turns: state.turns + 1 };
    if (typeof outcome === "object") return this.#changed(outcome);
    this.state = { ...this.state, [outcome]: state[outcome] + 1 };
  }

  #changed(change: RewindChange): void {
    const { kinds, changed, model } = this.state;
    const kind = `${change.then.kind}>${change.now.kind}`;
    const asked = model.asked + (change.model === undefined ? 0 : 1);
    this.state = {
      ...this.state,
      changed: changed + 1,
      kinds: { ...kinds, [kind]: (kinds[kind] ?? 0) + 1 },
      model: { ...model, asked, tokens: model.tokens + (change.model?.tokens ?? 0) },
    };
    if (this.changes.length < maxChanges) this.changes.push(change);
  }
}
