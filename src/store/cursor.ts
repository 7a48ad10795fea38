/** Where a page ended: an instant, in milliseconds, and the id that tells rows of the same instant apart. */
export interface Position {
  readonly at: number;
  readonly id: string;
}

/** Text for a URL. */
export function toCursor({ at, id }: Position): string {
  return `${at}.${id}`;
}

/** Undefined when the text is no cursor: the reading then begins at the first page. */
export function fromCursor(cursor: string | undefined): Position | undefined {
  const parts = cursor?.match(/^(-?\d{1,15})\.(.+)$/s);
  return parts ? { at: Number(parts[1]), id: parts[2] } : undefined;
}
