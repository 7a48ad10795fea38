import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { type Json, presentRules } from "@/api/presenters.ts";
import { refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { instant } from "@/api/shapes.ts";
import { resolveSettings } from "@/conversation/settings.ts";
import { type TriedTurn, tryChain } from "@/rules/try_chain.ts";
import { turnToTry } from "@/rules/try_text.ts";

const testBody = z.strictObject({
  texts: z.array(z.string().min(1).max(4_000)).min(1).max(20),
  at: instant.optional(),
  account: z.string().max(100).optional(),
  conversation: z.string().max(200).optional(),
});

type RuleDeps = Pick<ApiDeps, "store" | "rules" | "clock">;

export function ruleRoutes({ store, rules, clock }: RuleDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", async (c) => {
    const asked = c.req.query("account");
    const account = asked === undefined ? (await store.accounts.list())[0] : await store.accounts.get(asked);
    if (asked !== undefined && account === undefined) return refuseUnknown(c, "account");
    return c.json(presentRules(rules.state(), resolveSettings(account?.settings ?? {})));
  });
  routes.post("/test", zValidator("json", testBody, refuseInvalid), async (c) => {
    const { texts, at = store.now(), account, conversation } = c.req.valid("json");
    const turn = await turnToTry({ texts, at, accountId: account, conversationId: conversation }, store);
    if (turn === undefined) return refuseUnknown(c, "conversation");
    return c.json(presentTried(await tryChain(rules.current(), turn, clock)));
  });
  return routes;
}

function presentTried({ version, verdict, winner, rules, tags, fields, followUps, optOut }: TriedTurn): Json {
  return {
    version,
    verdict,
    rule: winner ?? null,
    rules: rules.map(({ trace, name, file, kind, line, place }) => ({
      ...trace,
      name,
      file,
      kind,
      line: line ?? null,
      place,
    })),
    tags,
    fields,
    followUps,
    optOut,
  };
}
