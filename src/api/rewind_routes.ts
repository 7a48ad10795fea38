import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import type { Json } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { limit } from "@/api/shapes.ts";
import type { RewindChange } from "@/rules/rewind/rewind.ts";
import type { RewindState, StartOutcome } from "@/rules/rewind/rewind_jobs.ts";
import { isPastedFileName, maxPastedLength } from "@/rules/rule_folder.ts";
import type { Turn } from "@/store/records.ts";

const startBody = z.strictObject({
  days: z.int().min(1).max(365),
  account: z.string().max(100).optional(),
  file: z.strictObject({
    name: z.string().max(100).refine(isPastedFileName, "wants a file name such as 70_keywords.yaml"),
    text: z.string().max(maxPastedLength),
  }).optional(),
  model: z.strictObject({ tokenBudget: z.int().min(1).max(10_000_000) }).optional(),
});

const pageQuery = z.strictObject({ limit, cursor: z.coerce.number().int().min(0).default(0) });

/** `/rules/rewind`: rules over the turns of the past, without effect. */
export function rewindRoutes({ store, rewinds }: Pick<ApiDeps, "store" | "rewinds">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", (c) => c.json({ items: rewinds.list().map(presentRewind) }));
  routes.post("/", zValidator("json", startBody, refuseInvalid), async (c) => {
    const { days, account, file, model } = c.req.valid("json");
    const outcome = await rewinds.start({ days, accountId: account, file, tokenBudget: model?.tokenBudget });
    return answerStart(c, outcome, (id) => rewinds.get(id));
  });
  routes.get("/:id", zValidator("query", pageQuery, refuseInvalid), async (c) => {
    const id = c.req.param("id");
    const state = rewinds.get(id);
    if (state === undefined) return refuseUnknown(c, "rewind");
    const { limit, cursor } = c.req.valid("query");
    const changes = rewinds.changes(id, { offset: cursor, limit });
    const turns = new Map(
      (await store.turns.byIds(changes.map(({ turnId }) => turnId))).map((turn) => [turn.id, turn]),
    );
    const nextCursor = changes.length === limit ? String(cursor + limit) : null;
    return c.json({ ...presentRewind(state), items: changes.flatMap((one) => presentChange(one, turns)), nextCursor });
  });
  routes.post("/:id/cancel", (c) => {
    const id = c.req.param("id");
    rewinds.cancel(id);
    const state = rewinds.get(id);
    return state === undefined ? refuseUnknown(c, "rewind") : c.json(presentRewind(state));
  });
  return routes;
}

function answerStart(c: Context, outcome: StartOutcome, stateOf: (id: string) => RewindState | undefined): Response {
  switch (outcome.kind) {
    case "noAccount":
      return refuseUnknown(c, "account");
    case "busy":
      return refuse(
        c,
        "conflict",
        `Cannot start a rewind: "${outcome.id}" is running, wants its end or its cancelling`,
      );
    case "broken":
      return refuse(c, "invalid", outcome.faults.map(({ reason }) => reason).join("\n"), {
        "file.text": outcome.faults.map(({ line, column, reason }) => `${line ?? 1}:${column ?? 1} ${reason}`).join(
          "\n",
        ),
      });
    case "started": {
      const state = stateOf(outcome.id);
      return state === undefined ? refuseUnknown(c, "rewind") : c.json(presentRewind(state), 202);
    }
  }
}

function presentRewind({ startedAt, endedAt, fileName, ...state }: RewindState): Json {
  const fraction = Math.round(state.progress * 1_000) / 1_000;
  return {
    ...state,
    progress: fraction,
    file: fileName ?? null,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

/** Nothing of a turn that was erased meanwhile. */
function presentChange(change: RewindChange, turns: ReadonlyMap<string, Turn>): readonly Json[] {
  const { turnId, conversationId, decidedAt, then, now, model } = change;
  const turn = turns.get(turnId);
  if (turn === undefined) return [];
  const { outcome } = turn;
  return [{
    turnId,
    conversationId,
    decidedAt: decidedAt.toISOString(),
    then: { ...then, rule: then.rule ?? null, outcome: outcome.kind, texts: outcome.texts, reason: outcome.reason },
    now: { ...now, rule: now.rule ?? null },
    model: model ?? null,
  }];
}
