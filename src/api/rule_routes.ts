import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { type Json, presentRules } from "@/api/presenters.ts";
import { refuseInvalid } from "@/api/refuse.ts";
import { instant } from "@/api/shapes.ts";
import { defaultSettings, resolveSettings, type Settings } from "@/conversation/settings.ts";
import { businessAt } from "@/rules/business_hours.ts";
import type { ChainResult } from "@/rules/chain.ts";
import type { RuleTurn } from "@/rules/contract.ts";
import { sampleTurn } from "@/rules/sample_turn.ts";
import type { Store } from "@/store/store.ts";

const testBody = z.strictObject({
  texts: z.array(z.string().min(1).max(4_000)).min(1).max(20),
  at: instant.optional(),
  account: z.string().max(100).optional(),
});

type RuleDeps = Pick<ApiDeps, "store" | "rules">;

export function ruleRoutes({ store, rules }: RuleDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/", (c) => c.json(presentRules(rules.state())));
  routes.post("/test", zValidator("json", testBody, refuseInvalid), async (c) => {
    const { texts, at = store.now(), account } = c.req.valid("json");
    const settings = await settingsFor(store, account);
    return c.json(presentResult(await rules.run(turnToTest(texts, settings, at))));
  });
  return routes;
}

/** The settings that the test runs under: those of the account, else of the first, else the defaults. */
async function settingsFor(store: Pick<Store, "accounts">, id: string | undefined): Promise<Settings> {
  const account = id === undefined ? (await store.accounts.list())[0] : await store.accounts.get(id);
  return account === undefined ? defaultSettings : resolveSettings(account.settings);
}

/** A new contact who writes the texts at `now`, with nothing in the way but the hours of business. */
function turnToTest(texts: readonly string[], settings: Settings, now: Date): RuleTurn {
  const { cooldownPolicy, language, handOffPhrases, optOutWords, timezone, businessHours } = settings;
  return sampleTurn({
    texts,
    now,
    timeZone: timezone,
    business: businessAt(businessHours, timezone, now),
    settings: { cooldownPolicy, language, handOffPhrases, optOutWords },
  });
}

function presentResult({ version, verdict, rule, traces, tags, fields, optOut }: ChainResult): Json {
  return { version, verdict, rule: rule ?? null, rules: traces, tags, fields, optOut };
}
