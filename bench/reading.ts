/** How long people and programs wait for the inbox, a search and a conversation, through HTTP. */
import process from "node:process";
import { type BenchMoca, longAgo, quantile } from "./moca.ts";

export interface ReadingFigure {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
  /** Processor time at the 95th percentile, the asking included: what waiting for a busy machine does not change. */
  readonly processorP95: number;
}

interface Reading {
  readonly name: string;
  readonly path: string;
  /** Asked by a person with a cookie, not by a program with the token. */
  readonly isPage?: true;
}

const rounds = 40;

/** Asks in rounds, each reading once a round, so that whatever else the machine does meets all alike. */
export async function measureReading(moca: BenchMoca): Promise<readonly ReadingFigure[]> {
  const cookie = await moca.signIn();
  const readings = await chooseReadings(moca);
  const times = readings.map(() => ({ waited: [] as number[], spent: [] as number[] }));
  for (let round = -3; round < rounds; round += 1) {
    for (const [index, { path, isPage }] of readings.entries()) {
      const [startedAt, before] = [performance.now(), process.cpuUsage()];
      await moca.get(path, isPage && cookie);
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      times[index].waited.push(performance.now() - startedAt);
      times[index].spent.push((user + system) / 1_000);
    }
  }
  return readings.map(({ name }, index) => ({
    name,
    median: quantile(times[index].waited, 0.5),
    p95: quantile(times[index].waited, 0.95),
    processorP95: quantile(times[index].spent, 0.95),
  }));
}

interface Listed {
  readonly items: readonly { readonly id: string; readonly contact: { readonly username: string } }[];
}

async function chooseReadings(moca: BenchMoca): Promise<readonly Reading[]> {
  const { items } = JSON.parse(await moca.get("/api/v1/conversations?limit=20")) as Listed;
  const { id, contact } = items[items.length - 1];
  const deep = encodeURIComponent(longAgo);
  const filters = ["", "state=open", "state=closed", "state=scheduled", "handler=bot", "handler=person", "unread=true"];
  const narrowed = [
    "answered=true",
    "failed=true",
    "tag=vip",
    "tag=vip&unread=true&handler=person",
    "closingWithinHours=6",
    "sort=attention",
    "sort=window",
    "handler=person&unread=true&state=closed&tag=vip&closingWithinHours=6",
    "tag=vip&q=hola",
  ];
  const searches = {
    "a frequent word": "hola",
    "two frequent words": "hola talla",
    "two frequent words, never together": "hola gracias",
    "one letter": "m",
    "a rare word": "M4242",
    "a family name": "echeverria",
    "a handle": contact.username,
    "no hit": "zzzz",
  };
  const api = (query: string): string => `/api/v1/conversations?limit=50&${query}`;
  return [
    ...filters.flatMap((filter) => [
      { name: `list ${filter || "all"}`, path: api(filter) },
      { name: `list ${filter || "all"}, deep page`, path: api(`${filter}&cursor=${deep}`) },
    ]),
    ...narrowed.map((query) => ({ name: `list ${query}`, path: api(query) })),
    ...Object.entries(searches).map(([name, q]) => ({
      name: `search ${name}`,
      path: api(`q=${encodeURIComponent(q)}`),
    })),
    { name: "search a frequent word, deep page", path: api(`q=hola&cursor=${deep}`) },
    { name: "search a frequent word, closed", path: api("q=hola&state=closed") },
    { name: "conversation", path: `/api/v1/conversations/${id}` },
    { name: "conversation's messages", path: `/api/v1/conversations/${id}/messages?limit=50` },
    { name: "page inbox", path: "/admin/inbox?tab=all", isPage: true },
    { name: "page inbox, narrowed", path: "/admin/inbox?tab=waiting&tag=vip&closing=1&sort=window", isPage: true },
    { name: "page inbox, frequent word", path: "/admin/inbox?tab=all&q=hola", isPage: true },
    { name: "page conversation", path: `/admin/inbox/${id}`, isPage: true },
    { name: "page queue", path: "/admin/queue", isPage: true },
    { name: "page queue, narrowed", path: "/admin/queue?kind=bot&code=10&age=1h", isPage: true },
    { name: "page queue, sent by people", path: "/admin/queue?state=sent&kind=person", isPage: true },
    { name: "page numbers, 24 hours", path: "/admin/dashboard?range=24h", isPage: true },
    { name: "page numbers, 30 days", path: "/admin/dashboard?range=30d", isPage: true },
    { name: "page rules", path: "/admin/rules", isPage: true },
    { name: "page audit log", path: "/admin/audit", isPage: true },
  ];
}
