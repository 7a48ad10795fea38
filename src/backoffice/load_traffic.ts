import { addMs } from "@/conversation/due_time.ts";
import type { MessageMark, Store } from "@/store/store.ts";
import type { Times, Traffic, TrafficBucket } from "@views/parts/traffic.ts";

/** Messages that are read of an account, the newest: a second period is only compared when this one is read whole. */
const maxMarks = 5_000;

export interface TrafficQuery {
  readonly since: Date;
  readonly now: Date;
  readonly bucketMs: number;
}

/** Messages in and out over the time asked for, how long contacts waited, and the sums of the time before. */
export async function loadTraffic(store: Store, accountIds: readonly string[], query: TrafficQuery): Promise<Traffic> {
  const { since, now, bucketMs } = query;
  const lengthMs = now.getTime() - since.getTime();
  const read = await readMarks(store, accountIds, { since, before: addMs(now, 1) });
  const earlier = read.from === undefined
    ? await readMarks(store, accountIds, { since: addMs(since, -lengthMs), before: since })
    : undefined;
  const replies = repliesOf(read.marks);
  return {
    buckets: bucketsOf(read.marks, replies, { since: read.from ?? since, until: now, bucketMs }),
    bucketMs,
    ...sumsOf(read.marks),
    ...(read.from === undefined ? {} : { from: read.from }),
    ...(earlier !== undefined && earlier.from === undefined ? { before: sumsOf(earlier.marks) } : {}),
    replies: { bot: timesOf(replies, "bot"), person: timesOf(replies, "person") },
    webhooks: percentiles(delaysOf(read.marks)),
  };
}

interface Read {
  readonly marks: readonly MessageMark[];
  /** Only what was written from here on was read. */
  readonly from?: Date;
}

async function readMarks(
  store: Store,
  accountIds: readonly string[],
  period: { since: Date; before: Date },
): Promise<Read> {
  const reads = await Promise.all(
    accountIds.map((accountId) => store.messages.marks({ accountId, ...period, limit: maxMarks })),
  );
  const oldest = reads.filter(({ length }) => length === maxMarks).map((marks) => marks.at(-1)?.at.getTime() ?? 0);
  if (oldest.length === 0) return { marks: reads.flat() };
  const from = new Date(Math.max(...oldest));
  return { from, marks: reads.flat().filter(({ at }) => at >= from) };
}

function sumsOf(marks: readonly MessageMark[]): Readonly<Record<"into" | "out", number>> {
  const into = marks.filter(({ author }) => author === "contact").length;
  return { into, out: marks.length - into };
}

/** The last one ends at `until`; the first may begin before `since`. */
function bucketsOf(
  marks: readonly MessageMark[],
  replies: readonly Reply[],
  { since, until, bucketMs }: { since: Date; until: Date; bucketMs: number },
): readonly TrafficBucket[] {
  const count = Math.max(1, Math.ceil((until.getTime() - since.getTime()) / bucketMs));
  const start = until.getTime() - count * bucketMs;
  const placeOf = ({ at }: { at: Date }): number => Math.min(count - 1, Math.floor((at.getTime() - start) / bucketMs));
  const byPlace = Map.groupBy(marks, placeOf);
  const answered = Map.groupBy(replies, placeOf);
  return Array.from(
    { length: count },
    (_, place) => ({
      from: new Date(start + place * bucketMs),
      ...sumsOf(byPlace.get(place) ?? []),
      bot: timesOf(answered.get(place) ?? [], "bot"),
    }),
  );
}

/** How long after Instagram's time webhooks came; never below 0, though its clock may be ahead. */
function delaysOf(marks: readonly MessageMark[]): readonly number[] {
  return marks.filter(({ source }) => source === "webhook")
    .map(({ at, receivedAt }) => Math.max(0, receivedAt.getTime() - at.getTime()));
}

interface Reply {
  readonly at: Date;
  readonly who: "bot" | "person";
  readonly ms: number;
}

/** From the first message that waited to the first one back. */
function repliesOf(marks: readonly MessageMark[]): readonly Reply[] {
  const waiting = new Map<string, number>();
  const replies: Reply[] = [];
  for (const { conversationId, at, author } of marks.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const since = waiting.get(conversationId);
    if (author === "contact") waiting.set(conversationId, since ?? at.getTime());
    else if (since !== undefined) {
      replies.push({ at, who: author === "bot" ? "bot" : "person", ms: at.getTime() - since });
      waiting.delete(conversationId);
    }
  }
  return replies;
}

function timesOf(replies: readonly Reply[], who: Reply["who"]): Times {
  return percentiles(replies.filter((reply) => reply.who === who).map(({ ms }) => ms));
}

function percentiles(times: readonly number[]): Times {
  const rising = times.toSorted((a, b) => a - b);
  const at = (share: number): number | undefined => rising[Math.floor(rising.length * share)];
  return { count: rising.length, medianMs: at(0.5), slowMs: at(0.9), slowestMs: at(0.99) };
}
