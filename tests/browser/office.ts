/** A back office with something in it, behind a real port. */
import type { Page } from "playwright-core";
import { apiRoutes } from "@/api/api.ts";
import { streamEvents } from "@/api/event_stream.ts";
import { LiveFeed } from "@/api/live_feed.ts";
import { systemClock } from "@/clock.ts";
import { adminToken, brokenSet, type Fixture, openFixture, wholeSet } from "@/backoffice/testing/fixture.ts";
import { QuietPhone } from "@/backoffice/testing/quiet_phone.ts";
import { accountId, seedAccount, seedStories, Story } from "@/backoffice/testing/seed.ts";

export interface Office extends AsyncDisposable {
  readonly url: string;
  readonly fixture: Fixture;
  /** The seeded conversations' ids, by name. */
  readonly ids: Readonly<Record<string, string>>;
  /** Somebody saves a rule file that cannot be loaded. */
  breakRuleFile(): void;
  /** Ends the live updates of every page, as a proxy does that has had enough. */
  cutStreams(): void;
}

const personas = [
  { psid: "101", name: "Ana Sofía Ramírez", username: "ana.sofia" },
  { psid: "201", name: "Grace Okafor", username: "grace.okafor" },
];

export async function openOffice(): Promise<Office> {
  const told: { act?: (psid: string, text: string) => Promise<void> } = {};
  let streams = new AbortController();
  const phone = new QuietPhone(accountId, personas);
  phone.act = async (psid, events) => {
    for (const event of events) if (event.kind === "text") await told.act?.(psid, event.text);
  };
  let set = wholeSet;
  const fixture: Fixture = await openFixture({
    rules: () => set,
    live: (c) => streamEvents(c, { live, clock: systemClock, stopping: streams.signal }),
    simulator: phone,
  });
  const live = new LiveFeed({ store: fixture.store, clock: systemClock });
  // Before the first request: what people take away as a file comes from the API.
  const { deps } = fixture;
  const stopping = new AbortController().signal;
  fixture.app.route("/api/v1", apiRoutes({ ...deps, live, stopping, simulator: undefined }));
  told.act = async (psid, text) =>
    void await new Story(fixture.store, psid).says(text, 0, { mid: `sim_${psid}_${text.length}` });
  await seedAccount(fixture.store, { timezone: "America/Mexico_City" });
  const rewind = await fixture.deps.rewinds.start({ days: 1 });
  const ids = { ...await seedStories(fixture.store), rewind: rewind.kind === "started" ? rewind.id : "" };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, fixture.app.fetch);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    fixture,
    ids,
    breakRuleFile: () => {
      set = brokenSet;
    },
    cutStreams: () => {
      streams.abort();
      streams = new AbortController();
    },
    [Symbol.asyncDispose]: async () => {
      streams.abort();
      await server.shutdown();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

export async function signIn(page: Page, url: string, token = adminToken, name = "admin"): Promise<void> {
  await page.goto(`${url}/admin/login`);
  await page.fill("#username", name);
  await page.fill("#token", token);
  await page.click("button.primary");
  await page.waitForURL(/\/admin\/inbox/);
}

/** Every page, by a name for reports. */
export function pagePaths(ids: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    inbox: "/admin/inbox",
    inboxAll: "/admin/inbox?tab=all",
    inboxNothing: "/admin/inbox?q=nothing-like-this",
    conversation: `/admin/inbox/${ids.ana}`,
    handedOff: `/admin/inbox/${ids.luis}`,
    waiting: `/admin/inbox/${ids.typing}`,
    windowClosed: `/admin/inbox/${ids.late}`,
    hostile: `/admin/inbox/${ids.evil}`,
    arabic: `/admin/inbox/${ids.arabic}`,
    doctor: "/admin/doctor",
    erase: `/admin/inbox/${ids.ana}/erase`,
    placeholders: `/admin/inbox/${ids.gone}`,
    dashboard: "/admin/dashboard",
    turn: `/admin/turns/${ids.ana}_t2`,
    settings: "/admin/settings",
    replies: "/admin/replies",
    reply: "/admin/replies/new",
    people: "/admin/people",
    display: "/admin/display",
    audit: "/admin/audit",
    rules: "/admin/rules",
    rulesTry: "/admin/rules/try",
    rewind: "/admin/rules/rewind",
    rewindRun: `/admin/rules/rewind/${ids.rewind}`,
    queue: "/admin/queue",
    ledgerSent: `/admin/outbound/${ids.ana}_o1`,
    ledgerFailed: `/admin/outbound/${ids.evil}_o1`,
    ledgerHeld: `/admin/outbound/${ids.lost}_o1`,
    ledgerWaiting: `/admin/outbound/${ids.arabic}_o2`,
    queueEmpty: "/admin/queue?state=expired",
    simulator: "/admin/simulator",
    simulatorEmpty: "/admin/simulator?persona=201",
    turnAgain: `/admin/turns/${ids.ana}_t2?again=1`,
    tried: `/admin/rules/try?${new URLSearchParams({ texts: "the price?\nhola" })}`,
    queueAll: "/admin/queue/all?action=discard&state=held",
    cases: "/admin/simulator/cases",
    knowledge: "/admin/knowledge",
    auditSearch: "/admin/audit?q=nothing-like-this",
    week: "/admin/dashboard?range=7d",
    notFound: "/admin/nowhere",
  };
}
