import { Hono } from "hono";
import type { BackofficeDeps } from "@/backoffice/deps.ts";
import { respondPage, uiOf } from "@/backoffice/page.ts";
import { notFound } from "@/backoffice/problems.ts";
import type { SessionEnv } from "@/backoffice/session.ts";
import { asItStands } from "@/conversation/pull_back.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { readPastTurn } from "@/rules/rewind/read_past.ts";
import { tryPast } from "@/rules/rewind/try_past.ts";
import type { Turn } from "@/store/records.ts";
import { type TriedAgain, turnPage } from "@views/turn.ts";
import type { TurnCourse } from "@views/parts/turn_course.ts";

export function turnRoutes(deps: BackofficeDeps): Hono<SessionEnv> {
  const routes = new Hono<SessionEnv>();
  routes.get("/:id", async (c) => {
    const decided = await deps.store.turns.get(c.req.param("id"));
    const aggregate = decided && await deps.store.conversations.load(decided.conversationId);
    if (decided === undefined || aggregate === undefined) return notFound(deps, c);
    const turn = asItStands(decided, aggregate.conversation);
    const ui = await uiOf(deps, c, turn.accountId);
    const title = ui.t("turn.title", { number: turn.number });
    const again = c.req.query("again") === undefined ? undefined : await tryAgain(deps, turn);
    const body = turnPage(ui, { turn, course: await loadCourse(deps, turn), again });
    return respondPage(deps, c, { ui, content: { title, section: "inbox", shape: "page", body } });
  });
  return routes;
}

async function loadCourse({ store }: BackofficeDeps, { messageIds, outboundIds }: Turn): Promise<TurnCourse> {
  const [messages, items] = await Promise.all([
    store.messages.byIds(messageIds),
    Promise.all(outboundIds.map((id) => store.outbound.get(id))),
  ]);
  const sends = items.flatMap((item) =>
    item === undefined ? [] : [{ itemId: item.id, state: item.state, sentAt: item.sentAt }]
  );
  return { messages, sends };
}

/** What the rules that are live now make of the same messages, at the time that they came. Nothing has an effect. */
async function tryAgain({ store, rules, clock }: BackofficeDeps, turn: Turn): Promise<TriedAgain | "gone"> {
  const past = await readPastTurn(turn, store);
  if (past === undefined) return "gone";
  const account = await store.accounts.get(turn.accountId);
  const options = { set: rules.current(), settings: resolveSettings(account?.settings ?? {}) };
  const { now, differs, traces } = await tryPast(past, options, clock);
  return {
    differs,
    verdict: now.kind,
    ...(now.rule === undefined ? {} : { rule: now.rule }),
    texts: now.texts,
    rules: traces,
  };
}
