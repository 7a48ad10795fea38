import { LinkifyIt } from "linkify-it";

/** Endings that links are found by although no `https://` stands before them; two-letter ones are known anyway. */
const endings = ("app dev xyz top site online link store shop club click live page icu vip fun cloud blog news space " +
  "website tech work world today life group agency digital email support help zip mov bio art studio design bank cash money")
  .split(" ");

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true, urlAuth: true }).tlds(endings, true);

/** Links and e-mail addresses in a text, each once, as `scheme://host/path` or `mailto:address`. */
export function linksIn(text: string): readonly string[] {
  const found = linkify.match(text) ?? [];
  return [...new Set(found.map(({ url, schema }) => schema === "//" ? `https:${url}` : url))];
}

/**
 * Whether a link leads to where one of `allowed` does, or below it. An allowed host stands for all of its
 * pages, an allowed page for itself and what lies under it. A link with a user name in it is never allowed.
 */
export function isAllowedLink(link: string, allowed: readonly string[]): boolean {
  const target = placeOf(link);
  if (target === undefined) return false;
  return allowed.some((one) => {
    const place = placeOf(one);
    return place !== undefined && place.host === target.host && isBelow(target.path, place.path);
  });
}

function isBelow(path: string, root: string): boolean {
  return root === "" || path === root || path.startsWith(`${root}/`);
}

function placeOf(link: string): { host: string; path: string } | undefined {
  const url = URL.parse(link);
  if (url === null) return undefined;
  if (url.protocol === "mailto:") return { host: "mailto:", path: url.pathname.toLowerCase() };
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  if (!isWeb || url.username !== "" || url.password !== "") return undefined;
  return { host: url.host.replace(/^www\./, ""), path: url.pathname.replace(/\/+$/, "") };
}
