/**
 * JSON lines on stdout. Nothing that is secret and nothing that a contact wrote is ever logged: fields are
 * redacted by name, errors are reduced to what they are and where, the configured secrets and whatever else looks
 * like one are blacked out wherever they stand.
 */
import {
  configure,
  getConsoleSink,
  getJsonLinesFormatter,
  getLogger as getLogTapeLogger,
  type Logger,
  type LogLevel,
  type LogRecord,
  type Sink,
  type TextFormatter,
} from "@logtape/logtape";
import { DEFAULT_REDACT_FIELDS, redactByField, redactByPattern } from "@logtape/redaction";
import { describeError, errorWords, isLoggedError } from "@/log_error.ts";

/** The logger of one part of Moca. */
export function getLogger(part: string): Logger {
  return getLogTapeLogger(["moca", part]);
}

const secretFields = [
  ...DEFAULT_REDACT_FIELDS,
  /token/i,
  /cookie/i,
  /authorization/i,
  /signature/i,
  /^texts?$/i,
  /^body$/i,
];

const secretPatterns = [
  { pattern: /\b(?:IG|EA)[A-Za-z0-9_-]{20,}/g, replacement: "[TOKEN]" },
  { pattern: /\bBearer\s+[\w.~+/-]+=*/gi, replacement: "Bearer [TOKEN]" },
  { pattern: /\bsk-[A-Za-z0-9_-]{16,}/g, replacement: "[KEY]" },
  { pattern: /access_token=[^&\s"]+/g, replacement: "access_token=[TOKEN]" },
  { pattern: /sha256=[0-9a-f]{16,}/g, replacement: "sha256=[SIGNATURE]" },
  { pattern: /(moca_session|__Host-moca)=[\w-]+/g, replacement: "$1=[COOKIE]" },
  { pattern: /\b(mongodb(?:\+srv)?:\/\/)[^@/\s"]+@/g, replacement: "$1[USER]@" },
];

/** A shorter value would be found in words that have nothing to do with it. */
const shortestSecret = 8;

/**
 * Sends log lines of at least `level` to stdout. Called once, by the composition root, which names the secrets
 * that it knows.
 */
export async function configureLog(level: LogLevel, secrets: readonly string[] = []): Promise<void> {
  await configure({
    reset: true,
    sinks: { stdout: makeSink(secrets) },
    loggers: [
      { category: ["moca"], sinks: ["stdout"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: ["stdout"], lowestLevel: "warning" },
    ],
  });
}

/** A sink that hands redacted lines on to `end`, by default to stdout. */
export function makeSink(secrets: readonly string[], end: (format: TextFormatter) => Sink = stdoutSink): Sink {
  const plain = redactByPattern(getJsonLinesFormatter({ properties: "flatten" }), secretPatterns);
  const last = end(redactByValue(plain, secrets));
  const sink = redactByField((record) => last(withErrorsInWords(record)), { fieldPatterns: secretFields });
  return (record) => sink(withErrorsDescribed(record));
}

/** The console's `warn` and `error` go to stderr; a log is one stream. */
function stdoutSink(formatter: TextFormatter): Sink {
  const levelMap = {
    trace: "info",
    debug: "info",
    info: "info",
    warning: "info",
    error: "info",
    fatal: "info",
  } as const;
  return getConsoleSink({ formatter, levelMap });
}

function redactByValue(format: TextFormatter, secrets: readonly string[]): TextFormatter {
  const known = secrets.filter(({ length }) => length >= shortestSecret).flatMap(writtenForms);
  return (record) => known.reduce((line, secret) => line.replaceAll(secret, "[SECRET]"), format(record));
}

/** A value stands in a line as JSON, and once more escaped within the message. */
function writtenForms(secret: string): readonly string[] {
  const escape = (text: string): string => JSON.stringify(text).slice(1, -1);
  return [...new Set([escape(escape(secret)), escape(secret)])];
}

/** Whatever is logged as `error` may have been thrown by anybody, and anything can be thrown. */
function withErrorsDescribed(record: LogRecord): LogRecord {
  const isError = (value: unknown, name: string): boolean => value instanceof Error || name === "error";
  const properties = Object.entries(record.properties).map(([name, value]) => [
    name,
    isError(value, name) ? describeError(value) : value,
  ]);
  return { ...record, properties: Object.fromEntries(properties) };
}

/** The field tells where an error came from; in the sentence its name is enough. */
function withErrorsInWords(record: LogRecord): LogRecord {
  return { ...record, message: record.message.map((part) => isLoggedError(part) ? errorWords(part) : part) };
}
