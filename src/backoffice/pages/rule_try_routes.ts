import { type Context, Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { findContact } from "@/backoffice/find_contact.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import type { RuleTurn } from "@/rules/contract.ts";
import { type TriedTurn, tryChain } from "@/rules/try_chain.ts";
import { turnToTry } from "@/rules/try_text.ts";
import type { Account, Contact } from "@/store/records.ts";
import { contactName } from "@views/parts/person.ts";
import { type TryForm, tryLanguages } from "@views/parts/try_form.ts";
import { type TryData, tryPage, type TryResult } from "@views/rule_try.ts";
import type { Ui } from "@views/ui.ts";

type Tried = Pick<TryData, "problem" | "result">;

/** Messages that one try may have. */
const maxTexts = 20;

/** `/rules/try`: what every rule says to a text. What is tried stands in the address, so that it can be shown to others. */
export function ruleTryRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/", async (c) => {
    const accounts = await deps.store.accounts.list();
    const form = readForm(c.req.query(), accounts);
    const ui = await uiOf(deps, c, form.account);
    const tried = c.req.query("texts") === undefined ? {} : await tryOut(deps, form, ui.timeZone);
    return await show(deps, c, ui, { form, accounts, ...tried });
  });
  return routes;
}

function show(deps: BackofficeDeps, c: Context<SessionEnv>, ui: Ui, data: TryData): Promise<Response> {
  const title = ui.t("rules.tab.try");
  const content = { title, section: "rules", shape: "page", body: tryPage(ui, data) } as const;
  return respondPage(deps, c, { ui, status: data.problem === undefined ? 200 : 422, content });
}

function readForm(query: Readonly<Record<string, string>>, accounts: readonly Account[]): TryForm {
  const { texts = "", at = "", contact = "", language } = query;
  const account = accounts.find(({ id }) => id === query["account"]) ?? accounts[0];
  return {
    texts,
    at,
    contact: contact.trim(),
    language: tryLanguages.find((known) => known === language) ?? "",
    account: account?.id ?? "",
  };
}

async function tryOut(deps: BackofficeDeps, form: TryForm, timeZone: string): Promise<Tried> {
  const texts = form.texts.split(/\r?\n/).map((text) => text.trim().slice(0, 4_000)).filter(Boolean).slice(0, maxTexts);
  if (texts.length === 0) return { problem: "noText" };
  const at = form.at === "" ? deps.store.now() : instantOf(form.at, timeZone);
  if (at === undefined) return { problem: "badTime" };
  const contact = form.contact === "" ? undefined : await findContact(deps.store, form.contact);
  if (form.contact !== "" && contact === undefined) return { problem: "noContact" };
  const text = { texts, at, conversationId: contact?.id, accountId: contact?.accountId ?? form.account };
  const asWritten = await turnToTry(text, deps.store);
  if (asWritten === undefined) return { problem: "noContact" };
  const turn = form.language === "" ? asWritten : speaking(asWritten, form.language);
  const tried = await tryChain(deps.rules.current(), turn, deps.clock);
  return { result: resultOf(tried, turn, contact) };
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
