import assert from "node:assert/strict";
import { chartTop, lineChart, stackedBar } from "@views/parts/chart.ts";
import { renderToString } from "preact-render-to-string";

Deno.test("lineChart() draws from zero at the bottom to its top", () => {
  const svg = renderToString(lineChart("rising", [{ values: [0, 5, 10], color: "accent" }], 10));
  assert.match(svg, /d="M0,119L300,60L600,1"/);
  assert.match(svg, /aria-label="rising"/);
});

Deno.test("lineChart() leaves a gap where there is no value", () => {
  const values = [0, 10, undefined, 5, undefined];
  assert.match(renderToString(lineChart("gaps", [{ values, color: "accent" }], 10)), /d="M0,119L150,1M450,60Z"/);
});

Deno.test("chartTop() is a round number at or above every value, and never zero", () => {
  assert.deepEqual([chartTop([]), chartTop([0]), chartTop([7]), chartTop([93])], [1, 1, 8, 100]);
});

Deno.test("stackedBar() gives each part its share, and draws nothing of nothing", () => {
  const parts = [{ value: 1, color: "ok" }, { value: 2, color: "warn" }];
  const widths = (svg: string): string[] =>
    [...svg.matchAll(/<rect x="(\S+)" width="(\S+)"/g)].map(([, x, w]) => `${x} ${w}`);
  assert.deepEqual(widths(renderToString(stackedBar("split", parts))), ["0 198", "200 398"]);
  assert.deepEqual(widths(renderToString(stackedBar("none", [{ value: 0, color: "ok" }]))), ["0 0"]);
});
