/** The one way that pages are written: a tagged template that escapes everything put into it. */
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";

export { html } from "htm/preact";

/** What may stand between two tags. */
export type Child = ComponentChildren;
export type { VNode };

/** A part of a page, as answered to htmx. */
export function renderFragment(node: VNode): string {
  return renderToString(node);
}

/** A whole page. */
export function renderPage(node: VNode): string {
  return `<!doctype html>${renderToString(node)}`;
}
