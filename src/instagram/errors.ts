import { type ErrorClass, type ErrorRow, errorTable } from "@/instagram/errors_table.ts";
import type { SendError } from "@/store/records.ts";

export type { ErrorClass } from "@/instagram/errors_table.ts";

/** An answer of Instagram's that is no success, put into one class. */
export interface GraphError {
  readonly class: ErrorClass;
  /** In Moca's own words: Meta's could hold a secret or a text. */
  readonly error: SendError;
  /** True when the table has no row for the code: it wants one. */
  readonly unlisted: boolean;
  /** Meta's number of the request, for its support; absent when none came. */
  readonly trace?: string;
}

interface ErrorBody {
  readonly code?: number;
  readonly subcode?: number;
  readonly says: string;
  readonly trace?: string;
}

const tooManyRequests = 429;

/**
 * Puts an answer into a class: by the words where a row asks for them, by code and subcode, by the code alone,
 * by the status 429. What is left is `unknown`, the class that neither loses nor repeats a message.
 */
export function classifyGraphError(status: number, body: unknown): GraphError {
  const found = readError(body);
  const row = found && (rowBySays(found) ?? rowByNumbers(found));
  if (row !== undefined) return told(row.class, wordsOf(row), { status, found, unlisted: false });
  const bare = found && errorTable.find((candidate) => isBareRowOf(candidate, found.code));
  const unlisted = found?.code !== undefined;
  if (status === tooManyRequests) return told("throttle", "too many calls", { status, found, unlisted });
  if (bare !== undefined) return told(bare.class, wordsOf(bare), { status, found, unlisted });
  return told("unknown", `Instagram answered with status: ${status}`, { status, found, unlisted });
}

/** What happened, and the cure where there is one. */
export function wordsOf({ words, cure }: ErrorRow): string {
  return cure === undefined ? words : `${words}: ${cure}`;
}

function told(
  errorClass: ErrorClass,
  message: string,
  seen: { status: number; found?: ErrorBody; unlisted: boolean },
): GraphError {
  const { code, subcode, trace } = seen.found ?? {};
  return {
    class: errorClass,
    error: {
      message,
      class: errorClass,
      status: seen.status,
      ...(code === undefined ? {} : { code }),
      ...(subcode === undefined ? {} : { subcode }),
    },
    unlisted: seen.unlisted,
    ...(trace === undefined ? {} : { trace }),
  };
}

function rowBySays({ code, says }: ErrorBody): ErrorRow | undefined {
  return errorTable.find((row) => row.says?.test(says) === true && (row.code === undefined || row.code === code));
}

function rowByNumbers({ code, subcode }: ErrorBody): ErrorRow | undefined {
  return errorTable.find((row) => {
    if (row.says !== undefined || row.subcode !== subcode) return false;
    return row.code === undefined ? subcode !== undefined : row.code === code;
  });
}

function isBareRowOf(row: ErrorRow, code: number | undefined): boolean {
  return code !== undefined && row.code === code && row.subcode === undefined && row.says === undefined;
}

function readError(body: unknown): ErrorBody | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error } = body;
  if (typeof error !== "object" || error === null) return undefined;
  const fields: Record<string, unknown> = { ...error };
  return {
    code: numberOf(fields.code),
    subcode: numberOf(fields.error_subcode),
    says: typeof fields.message === "string" ? fields.message : "",
    ...(typeof fields.fbtrace_id === "string" ? { trace: fields.fbtrace_id } : {}),
  };
}

/** A number that may be written as text; 0 and what is no number count as absent. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number > 0 ? number : undefined;
}
