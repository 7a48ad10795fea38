import type { Context } from "hono";
import { type SSEMessage, streamSSE } from "hono/streaming";
import type { LiveFeed } from "@/api/live_feed.ts";
import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { FeedEntry } from "@/store/records.ts";

export interface EventStreamDeps {
  readonly live: LiveFeed;
  readonly clock: Clock;
  /** Ends every stream: the process is stopping. */
  readonly stopping: AbortSignal;
}

const heartbeatMs = 20_000;

/** Then the browser connects anew, and whoever signed out meanwhile is refused. */
const maxStreamMs = 15 * 60_000;

/**
 * Answers a stream of server-sent events. `conversation`, with `{"id","updatedAt"}` as data: it was committed to, by
 * whichever instance. `reset`, with `{}`: more was changed than is told, a contact erased for one; load everything
 * again. Event ids are the feed's numbers: a `Last-Event-ID` takes up right after that event, on any instance, and
 * none is left out (`?after=` says the same at a first connect); when the feed no longer goes back so far, the first event is `reset`.
 */
export async function streamEvents(c: Context, deps: EventStreamDeps): Promise<Response> {
  const newest = await deps.live.newest();
  const seen = seqOf(c.req.header("last-event-id") ?? c.req.query("after"), newest);
  c.header("x-accel-buffering", "no");
  return streamSSE(c, async (stream) => {
    const ended = new AbortController();
    stream.onAbort(() => ended.abort());
    const signal = AbortSignal.any([ended.signal, deps.stopping]);
    const endsAt = addMs(deps.clock.now(), maxStreamMs);
    let after = typeof seen === "number" ? seen : newest;
    await stream.write(": connected\n\n");
    if (seen === "unknown") await stream.writeSSE(resetAt(newest));
    while (!signal.aborted && deps.clock.now() < endsAt) {
      const entries = await deps.live.next({ after, signal, withinMs: heartbeatMs });
      for (const event of toEvents(entries, after)) await stream.writeSSE(event);
      after = entries.at(-1)?.seq ?? after;
      if (entries.length === 0 && !signal.aborted) await stream.write(": still here\n\n");
    }
  });
}

/** `unknown`: not a number that this feed ever gave. */
function seqOf(eventId: string | undefined, newest: number): number | "unknown" | undefined {
  if (eventId === undefined || eventId === "") return undefined;
  const isOurs = /^\d{1,15}$/.test(eventId) && Number(eventId) <= newest;
  return isOurs ? Number(eventId) : "unknown";
}

/** One event for each conversation: its newest entry stands for those before it. */
function toEvents(entries: readonly FeedEntry[], after: number): readonly SSEMessage[] {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return [];
  const isKnown = first.seq === after + 1 && entries.every(({ conversationId }) => conversationId !== undefined);
  if (!isKnown) return [resetAt(last.seq)];
  const newest = new Map(entries.map((entry) => [entry.conversationId, entry]));
  return [...newest.values()].toSorted((a, b) => a.seq - b.seq).map(({ seq, conversationId, at }) => ({
    event: "conversation",
    id: `${seq}`,
    data: JSON.stringify({ id: conversationId, updatedAt: at.toISOString() }),
  }));
}

function resetAt(seq: number): SSEMessage {
  return { event: "reset", id: `${seq}`, data: "{}" };
}
