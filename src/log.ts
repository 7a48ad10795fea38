/**
 * JSON lines on stdout. Nothing that is secret and nothing that a contact wrote is ever logged: fields are
 * redacted by name, and whatever looks like a token is blacked out wherever it stands.
 */
import {
  configure,
  getConsoleSink,
  getJsonLinesFormatter,
  getLogger as getLogTapeLogger,
  type Logger,
  type LogLevel,
} from "@logtape/logtape";
import { DEFAULT_REDACT_FIELDS, redactByField, redactByPattern } from "@logtape/redaction";

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
  /^text$/i,
  /^texts$/i,
  /^body$/i,
];

const secretPatterns = [
  { pattern: /\b(?:IG|EA)[A-Za-z0-9_-]{20,}/g, replacement: "[TOKEN]" },
  { pattern: /\bBearer\s+[\w.~+/-]+=*/gi, replacement: "Bearer [TOKEN]" },
  { pattern: /\bsk-[A-Za-z0-9_-]{16,}/g, replacement: "[KEY]" },
  { pattern: /access_token=[^&\s"]+/g, replacement: "access_token=[TOKEN]" },
  { pattern: /sha256=[0-9a-f]{16,}/g, replacement: "sha256=[SIGNATURE]" },
];

/** Sends log lines of at least `level` to stdout. Called once, by the composition root. */
export async function configureLog(level: LogLevel): Promise<void> {
  const formatter = redactByPattern(getJsonLinesFormatter({ properties: "flatten" }), secretPatterns);
  const sink = redactByField(getConsoleSink({ formatter }), { fieldPatterns: secretFields });
  await configure({
    reset: true,
    sinks: { stdout: sink },
    loggers: [
      { category: ["moca"], sinks: ["stdout"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: ["stdout"], lowestLevel: "warning" },
    ],
  });
}
