import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { findContact } from "@/backoffice/find_contact.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { RuleTurn } from "@/rules/contract.ts";
import { type TriedTurn, tryChain } from "@/rules/try_chain.ts";
import { turnToTry } from "@/rules/try_text.ts";
import type { Contact } from "@/store/records.ts";
import { contactName } from "@views/parts/person.ts";
import { type TryData, type TryForm, tryLanguages, tryPage, type TryResult } from "@views/rule_try.ts";

/** Messages that one try may have. */
const maxTexts = 20;

const empty: TryForm = { texts: "", at: "", contact: "", language: "" };

/** `/rules/try`: what every rule says to a text. What is tried stands in the address, so that it can be shown to others. */
export function ruleTryRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    if (c.req.query("texts") === undefined) return await show(deps, c, { form: empty });
    const { timeZone } = await uiOf(deps, c);
    return await show(deps, c, await tryOut(deps, readForm(c.req.query()), timeZone));
  });
  return routes;
}

async function show(deps: BackofficeDeps, c: Context<SessionEnv>, data: TryData): Promise<Response> {
  const ui = await uiOf(deps, c);
  const title = ui.t("rules.tab.try");
  const content = { title, section: "rules", shape: "page", body: tryPage(ui, data) } as const;
  return respondPage(deps, c, { ui, status: data.problem === undefined ? 200 : 422, content });
}

function readForm({ texts = "", at = "", contact = "", language }: Readonly<Record<string, string>>): TryForm {
  return { texts, at, contact: contact.trim(), language: tryLanguages.find((known) => known === language) ?? "" };
}

async function tryOut(deps: BackofficeDeps, form: TryForm, timeZone: string): Promise<TryData> {
  const texts = form.texts.split(/\r?\n/).map((text) => text.trim().slice(0, 4_000)).filter(Boolean).slice(0, maxTexts);
  if (texts.length === 0) return { form, problem: "noText" };
  const at = form.at === "" ? deps.store.now() : instantOf(form.at, timeZone);
  if (at === undefined) return { form, problem: "badTime" };
  const contact = form.contact === "" ? undefined : await findContact(deps.store, form.contact);
  if (form.contact !== "" && contact === undefined) return { form, problem: "noContact" };
  const asWritten = await turnToTry({ texts, at, conversationId: contact?.id }, deps.store);
  if (asWritten === undefined) return { form, problem: "noContact" };
  const turn = form.language === "" ? asWritten : speaking(asWritten, form.language);
  const tried = await tryChain(deps.rules.current(), turn, deps.clock);
  return { form, result: resultOf(tried, turn, contact) };
}

/** As if the contact's field told that language. */
function speaking(turn: RuleTurn, language: string): RuleTurn {
  return { ...turn, contact: { ...turn.contact, fields: { ...turn.contact.fields, language } } };
}

/** The account's clocks at that time; undefined when the text is no time. */
function instantOf(text: string, timeZone: string): Date | undefined {
  try {
    return new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds);
  } catch {
    return undefined;
  }
}

function resultOf(tried: TriedTurn, { now }: RuleTurn, contact: Contact | undefined): TryResult {
  const { verdict, winner, version, rules, tags, fields } = tried;
  return {
    at: now,
    ...(contact === undefined ? {} : { contactName: contactName(contact) }),
    version,
    rules,
    ...(winner === undefined ? {} : { winner }),
    verdict: { kind: verdict.kind, texts: verdict.kind === "reply" ? verdict.texts : [] },
    quickReplies: verdict.kind === "reply" ? verdict.quickReplies ?? [] : [],
    tags,
    fields,
    followUps: tried.followUps,
  };
}
