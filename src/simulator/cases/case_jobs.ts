import { getLogger } from "@/log.ts";
import type { CaseRun, CaseRunner } from "@/simulator/cases/case_runner.ts";
import type { Simulation } from "@/store/records.ts";

/** Cases that run or ran together. */
export interface CaseJob {
  readonly state: "running" | "done" | "cancelled" | "failed";
  /** Of the rules that they ran with. */
  readonly version: string;
  readonly total: number;
  /** Those that have ended, in their order. */
  readonly runs: readonly CaseRun[];
}

/** Runs saved cases in the background, one after the other; the last job is remembered until the process ends. */
export class CaseJobs implements AsyncDisposable {
  readonly #runner: Pick<CaseRunner, "run">;
  readonly #version: () => string;
  #job: CaseJob | undefined;
  #abort = new AbortController();
  #done: Promise<void> = Promise.resolve();

  /** `version`: of the rules that are live. */
  constructor(runner: Pick<CaseRunner, "run">, version: () => string) {
    this.#runner = runner;
    this.#version = version;
  }

  /** The job that runs, or the last one; undefined before the first. */
  get last(): CaseJob | undefined {
    return this.#job;
  }

  /** `busy`: another job still runs. */
  start(simulations: readonly Simulation[]): "started" | "busy" {
    if (this.#job?.state === "running") return "busy";
    this.#job = { state: "running", version: this.#version(), total: simulations.length, runs: [] };
    this.#abort = new AbortController();
    this.#done = this.#run(simulations, this.#job, this.#abort.signal);
    return "started";
  }

  /** Ends the job after the case under way; what it found stays. */
  cancel(): void {
    this.#abort.abort();
  }

  /** Resolves when no job runs. */
  async ended(): Promise<void> {
    await this.#done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#done;
  }

  async #run(simulations: readonly Simulation[], job: CaseJob, signal: AbortSignal): Promise<void> {
    let runs: readonly CaseRun[] = [];
    try {
      for (const simulation of simulations) {
        if (signal.aborted) break;
        const run = await this.#runner.run(simulation);
        runs = run === undefined ? runs : [...runs, run];
        this.#job = { ...job, runs };
      }
      this.#job = { ...job, runs, state: signal.aborted ? "cancelled" : "done" };
    } catch (error) {
      getLogger("simulator").error("a saved case cannot be run: {error}", { error });
      this.#job = { ...job, runs, state: "failed" };
    }
  }
}
