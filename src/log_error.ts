/** An error as the log shows it: what it was and where, but nothing that a contact may have written. */
export interface LoggedError {
  readonly name: string;
  /** Only of errors that Moca itself makes: others put values into theirs, a piece of the JSON that broke for one. */
  readonly message?: string;
  /** A code of the system or of a library, e.g. `ECONNREFUSED`. */
  readonly code?: string | number;
  /** The innermost frames, file and line. */
  readonly at: readonly string[];
  readonly cause?: LoggedError;
}

const ownCode = new URL("./", import.meta.url).href;
const maxFrames = 8;
const maxCauses = 4;

/** Describes whatever was thrown. */
export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: `thrown ${typeof error}`, at: [] };
  const frames = framesOf(error);
  const hasCause = error.cause instanceof Error && depth < maxCauses;
  return {
    name: wordOf(error.name) ?? "Error",
    ...(isOwn(error, frames) ? { message: error.message } : {}),
    ...codeOf(error),
    at: frames.slice(0, maxFrames).map((frame) => frame.replace(ownCode, "src/")),
    ...(hasCause ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/** Whether a value is what `describeError` answers. */
export function isLoggedError(value: unknown): value is LoggedError {
  return typeof value === "object" && value !== null && "at" in value && Array.isArray(value.at) && "name" in value;
}

/** A described error in a few words. */
export function errorWords({ name, message, code }: LoggedError): string {
  if (message !== undefined) return `${name}: ${message}`;
  return code === undefined ? name : `${name} (${code})`;
}

/** The places of the stack. The message stands before them and may hold lines that look like some. */
function framesOf({ message, stack = "" }: Error): readonly string[] {
  const head = stack.indexOf(message);
  const isWhole = head >= 0 && /^[\w.]*(: )?$/.test(stack.slice(0, head));
  if (!isWhole) return [];
  return stack.slice(head + message.length).split("\n").flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? []);
}

/** Made by Moca's own code, which never puts a text or a secret into a message. The runtime's own kinds do. */
function isOwn(error: Error, frames: readonly string[]): boolean {
  return !isBuiltIn(error) && frames[0]?.includes(ownCode) === true;
}

function isBuiltIn({ name }: Error): boolean {
  return name !== "Error" && name in globalThis;
}

function codeOf(error: Error): { readonly code?: string | number } {
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "number") return { code };
  const word = typeof code === "string" ? wordOf(code) : undefined;
  return word === undefined ? {} : { code: word };
}

/** Names and codes are one word; anything else could be anything. */
function wordOf(text: string): string | undefined {
  return /^[A-Za-z][\w.-]{0,60}$/.test(text) ? text : undefined;
}
