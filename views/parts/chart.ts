/** Charts as SVG made on the server: colours are tokens, so that they follow the theme; numbers stand in words beside. */
// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear } from "d3-scale";
// @ts-types="npm:@types/d3-shape@3.1.7"
import { line } from "d3-shape";
import { html, type VNode } from "@views/html.ts";

const width = 600;
const height = 120;

export interface Series {
  /** A gap where there is none. */
  readonly values: readonly (number | undefined)[];
  /** A token, such as `accent`. */
  readonly color: string;
  /** Apart from the colour, for those who do not see it: a dashed line. */
  readonly dash?: string;
}

/** Lines over equal steps of time from zero up to `top`, which `chartTop` rounds. */
export function lineChart(title: string, series: readonly Series[], top: number): VNode {
  const y = scaleLinear([0, top], [height - 1, 1]);
  const x = scaleLinear([0, Math.max(1, (series[0]?.values.length ?? 1) - 1)], [0, width]);
  const path = line<number | undefined>((_, place) => round(x(place)), (value = 0) => round(y(value)))
    .defined((value) => value !== undefined);
  return html`
    <svg viewBox=${`0 0 ${width} ${height}`} width="100%" height=${height} preserveAspectRatio="none" role="img" aria-label=${title}>
      ${y.ticks(3).map((tick) => html`<path d=${`M0,${round(y(tick))}H${width}`} stroke="var(--border)" />`)}
      ${series.map(({ values, color, dash }) =>
        html`
          <path d=${path(values) ??
            ""} fill="none" stroke=${`var(--${color})`} stroke-width="2" stroke-linecap="round" stroke-dasharray=${dash}
            vector-effect="non-scaling-stroke" />
        `
      )}
    </svg>
  `;
}

/** A line so small that its numbers stand beside it. */
export function sparkline(title: string, values: readonly number[]): VNode {
  const y = scaleLinear([0, Math.max(1, ...values)], [15, 1]);
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [1, 55]);
  const path = line<number>((_, place) => round(x(place)), (value) => round(y(value)));
  return html`
    <svg class="spark" viewBox="0 0 56 16" width="56" height="16" role="img" aria-label=${title}>
      <path d=${path(values) ?? ""} fill="none" stroke="var(--accent)" stroke-width="1.5" stroke-linejoin="round" />
    </svg>
  `;
}

/** The round number at or above all values, at least 1, that a chart goes up to. */
export function chartTop(values: readonly number[]): number {
  const [, top = 1] = scaleLinear([0, Math.max(1, ...values)], [0, 1]).nice(3).domain();
  return top;
}

/** Parts of a whole in one bar; each differs by colour and by what stands below it. */
export function stackedBar(title: string, parts: readonly { readonly value: number; readonly color: string }[]): VNode {
  const x = scaleLinear([0, Math.max(1, parts.reduce((sum, { value }) => sum + value, 0))], [0, width]);
  const starts = parts.map((_, place) => parts.slice(0, place).reduce((sum, { value }) => sum + value, 0));
  return html`
    <svg viewBox=${`0 0 ${width} 20`} width="100%" height="20" preserveAspectRatio="none" role="img" aria-label=${title}>
      ${parts.map(({ value, color }, place) =>
        html`<rect x=${round(x(starts[place] ?? 0))} width=${
          round(Math.max(0, x(value) - 2))
        } height="20" fill=${`var(--${color})`} />`
      )}
    </svg>
  `;
}

/** The line's own look, to stand beside its name. */
export function sample({ color, dash }: Pick<Series, "color" | "dash">): VNode {
  return html`
    <svg width="24" height="10" aria-hidden="true">
      <path d="M0,5H24" stroke=${`var(--${color})`} stroke-width="3" stroke-dasharray=${dash} />
    </svg>
  `;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
