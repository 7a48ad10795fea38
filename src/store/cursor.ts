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

/** What lies in an order of its own, of a list that is read stretch after stretch. */
export interface Remaining<Stretch> {
  /** Number of the stretch, from 0. */
  readonly index: number;
  readonly stretch: Stretch;
  /** Where to go on in it; absent: at its beginning. */
  readonly position?: Position;
}

export function toStretchCursor({ index, at, id }: Position & { readonly index: number }): string {
  return index === 0 ? toCursor({ at, id }) : `${index}~${toCursor({ at, id })}`;
}

/** The stretches that are left to be read from the cursor on; all when the text is no cursor. */
export function stretchesFrom<Stretch>(
  stretches: readonly Stretch[],
  cursor: string | undefined,
): readonly Remaining<Stretch>[] {
  const [, number = "0", rest] = cursor?.match(/^(?:(\d)~)?(.+)$/s) ?? [];
  const position = fromCursor(rest);
  const all = stretches.map((stretch, index) => ({ index, stretch }));
  if (position === undefined) return all;
  return all.slice(Number(number)).map((each) => each.index === Number(number) ? { ...each, position } : each);
}
