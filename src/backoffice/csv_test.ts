import assert from "node:assert/strict";
import { csvLine } from "@/backoffice/csv.ts";

Deno.test("csvLine() quotes every cell and never begins one with what a spreadsheet would run", () => {
  assert.equal(csvLine(["a", 'say "hi"', "x,y\nz"]), '"a","say ""hi""","x,y\nz"\r\n');
  for (const start of ["=", "+", "-", "@", "\t", "\r"]) assert.equal(csvLine([`${start}cmd`]), `"'${start}cmd"\r\n`);
});
