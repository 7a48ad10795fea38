/** Cells that a spreadsheet would take for a formula get an apostrophe in front. */
const formula = /^[=+\-@\t\r]/;

/** One line of a CSV file (RFC 4180), its end included. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => `"${(formula.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`);
  return `${quoted.join(",")}\r\n`;
}
