import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };

/** As `deno task serve` has them: they keep the memory small. */
const v8Flags = /--v8-flags=\S+/.exec(denoJson.tasks.serve)?.[0] ?? "";

/** A real Moca process that can be killed and started again on the same data. */
export class MocaProcess {
  #child: Deno.ChildProcess | undefined;
  url = "";

  constructor(readonly env: Readonly<Record<string, string>>) {}

  /** Starts it and waits until it listens. */
  async start(): Promise<void> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", v8Flags, "-A", new URL("server.ts", import.meta.url).pathname],
      env: this.env,
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#child = child;
    this.url = await readReadyLine(child.stdout);
  }

  /** `kill -9`, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    this.#child = undefined;
  }

  /** `SIGSTOP`: it does nothing, knows nothing and answers nobody until `resume`; its connections stay open. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** `SIGCONT`: goes on in the middle of whatever it was about to do. */
  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Resident memory in bytes, as Linux tells. */
  async residentBytes(): Promise<number> {
    assert.ok(this.#child, "the process runs");
    // Deno lets a program read /proc only with all permissions; another program may.
    const { stdout } = await new Deno.Command("cat", { args: [`/proc/${this.#child.pid}/status`] }).output();
    return Number(/VmRSS:\s+(\d+) kB/.exec(new TextDecoder().decode(stdout))?.[1]) * 1_024;
  }
}

async function readReadyLine(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    text += value ?? "";
    const url = /^ready (\S+)\n/m.exec(text)?.[1];
    if (url !== undefined) {
      void drain(reader);
      return url;
    }
    assert.ok(!done, `the process ended before it was ready: ${text}`);
  }
}

/** Keeps the pipe from filling up. */
async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
