/** One thing that was looked at. */
export interface Finding {
  /** `problem`: Moca does not work like this · `warning`: it does, but somebody should look. */
  readonly level: "ok" | "warning" | "problem";
  /** What was looked at, e.g. `access token`. */
  readonly subject: string;
  /** What was found. */
  readonly found: string;
  /** What to do about it, and where; absent when all is well. */
  readonly cure?: string;
}

export function ok(subject: string, found: string): Finding {
  return { level: "ok", subject, found };
}

export function warning(subject: string, found: string, cure: string): Finding {
  return { level: "warning", subject, found, cure };
}

export function problem(subject: string, found: string, cure: string): Finding {
  return { level: "problem", subject, found, cure };
}

/** The finding as one line. */
export function lineOf({ level, subject, found, cure }: Finding): string {
  const text = `${level.padEnd(8)} ${subject}: ${found}${cure === undefined ? "" : `. ${cure}`}`;
  return text.replaceAll(/\s*\n\s*/g, " ");
}
