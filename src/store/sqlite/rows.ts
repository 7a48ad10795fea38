/** Small conversions between what records hold and what columns take. */

/** Milliseconds since 1970; NULL when absent. */
export function toColumn(at: Date | undefined): number | null {
  return at === undefined ? null : at.getTime();
}

/** A row that holds a whole record. */
export interface DataRow {
  readonly data: string;
}

/** A list as one parameter, for `IN (SELECT value FROM json_each(:name))`. */
export function toList(values: readonly (string | number)[]): string {
  return JSON.stringify(values);
}
