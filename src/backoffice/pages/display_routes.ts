import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { type Display, isTimeZone, keepDisplay, readDisplay, timeZones } from "@/backoffice/display.ts";
import { keepLanguage } from "@/backoffice/language.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { type DisplayData, displayPage } from "@views/display.ts";
import { isLocale } from "@views/i18n.ts";
import { themes } from "@views/ui.ts";

/** What everybody may set for themselves, whatever their role. */
export function displayRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", (c) => {
    const outcome = c.req.query("saved") === "1" ? "saved" : undefined;
    return show(deps, c, { display: readDisplay(c), outcome });
  });
  routes.post("/", async (c) => {
    const form = await c.req.parseBody();
    const display = readForm(form);
    if (display.zone !== "" && !isTimeZone(display.zone)) return show(deps, c, { display, outcome: "badZone" });
    keepDisplay(c, display);
    const language = String(form["lang"]);
    if (isLocale(language)) keepLanguage(c, language);
    return c.redirect("/admin/display?saved=1", 303);
  });
  return routes;
}

function readForm(form: Readonly<Record<string, unknown>>): Display {
  return {
    zone: String(form["zone"] ?? "").trim().slice(0, 60),
    theme: themes.find((theme) => theme === form["theme"]) ?? "system",
    enterSends: form["enter"] === "1",
  };
}

async function show(
  deps: BackofficeDeps,
  c: Context<SessionEnv>,
  { display, outcome }: { readonly display: Display; readonly outcome: DisplayData["outcome"] },
): Promise<Response> {
  const ui = await uiOf(deps, c);
  const body = displayPage(ui, { ...display, zones: timeZones, outcome });
  const content = { title: ui.t("display.title"), section: "settings", shape: "page", body } as const;
  return respondPage(deps, c, { ui, status: outcome === "badZone" ? 422 : 200, content });
}
