import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { isLocale, type Locale } from "@views/i18n.ts";

const cookie = "moca_lang";
const yearSeconds = 365 * 24 * 3_600;

/** The language a request is answered in: asked for in the address, chosen before, else the browser's first that there is. */
export function chooseLocale(c: Context): Locale {
  const asked = c.req.query("lang");
  if (isLocale(asked)) return asked;
  const chosen = getCookie(c, cookie);
  if (isLocale(chosen)) return chosen;
  return preferred(c.req.header("accept-language") ?? "");
}

function preferred(header: string): Locale {
  const wishes = header.split(",").map((part) => {
    const [tag = "", q = ""] = part.trim().split(";q=");
    return { language: tag.slice(0, 2).toLowerCase(), weight: q === "" ? 1 : Number(q) };
  });
  const known = wishes.filter(({ language, weight }) => isLocale(language) && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const first = known[0]?.language;
  return isLocale(first) ? first : "en";
}

/** Keeps a language that was asked for by a link. */
export const rememberLanguage: MiddlewareHandler = async (c, next) => {
  const asked = c.req.query("lang");
  if (isLocale(asked)) keepLanguage(c, asked);
  await next();
};

export function keepLanguage(c: Context, locale: Locale): void {
  setCookie(c, cookie, locale, { path: "/admin", sameSite: "Lax", httpOnly: true, maxAge: yearSeconds });
}
