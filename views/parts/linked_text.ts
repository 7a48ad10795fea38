import { LinkifyIt } from "linkify-it";
import { type Child, html } from "@views/html.ts";

const linkify = new LinkifyIt();

/** What people wrote, with web addresses as links. Everything else stays text. */
export function linkedText(text: string): Child {
  const links = (linkify.match(text) ?? []).filter(({ url }) => isWebAddress(url));
  if (links.length === 0) return visible(text);
  const parts: Child[] = [];
  let from = 0;
  for (const { index, lastIndex, url } of links) {
    parts.push(visible(text.slice(from, index)), link(url, text.slice(index, lastIndex)));
    from = lastIndex;
  }
  return [...parts, visible(text.slice(from))];
}

function link(url: string, text: string): Child {
  return html`<a href=${url} target="_blank" rel="noopener noreferrer nofollow">${visible(text)}</a>`;
}

/** Whether the address may be the target of a link: http and https only. */
export function isWebAddress(url: string): boolean {
  const protocol = URL.parse(url)?.protocol;
  return protocol === "http:" || protocol === "https:";
}

/** Characters that turn the direction of what follows could make a text look like another: they are spelled out. */
export function visible(text: string): string {
  return text.replace(
    /[\u202A-\u202E\u2066-\u2069]/g,
    (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase()}]`,
  );
}
