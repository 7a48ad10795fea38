/** The next rows, `limit` at most; none at the end. */
export async function take<Row>(rows: { next(): Promise<Row | null> }, limit: number): Promise<Row[]> {
  const taken: Row[] = [];
  for (let row; taken.length < limit && (row = await rows.next()) !== null;) taken.push(row);
  return taken;
}
