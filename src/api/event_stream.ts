import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Clock } from "@/clock.ts";
import { addMs } from "@/conversation/due_time.ts";
import type { ConversationId } from "@/store/records.ts";
import type { Store } from "@/store/store.ts";

export interface EventStreamDeps {
  readonly store: Pick<Store, "conversations" | "now">;
  readonly clock: Clock;
  /** Ends every stream: the process is stopping. */
  readonly stopping: AbortSignal;
  /** Makes streams look at once instead of at the next second. */
  readonly pokes?: Pokes;
}

/** Tells whoever waits that there may be something new. */
export class Pokes {
  #next = new AbortController();

  /** Aborts at the next poke. */
  get signal(): AbortSignal {
    return this.#next.signal;
  }

  poke(): void {
    const waiting = this.#next;
    this.#next = new AbortController();
    waiting.abort();
  }
}

const pollMs = 1_000;
const heartbeatMs = 20_000;

/** A commit may become visible a little later than its time says: so far back each look goes. */
const overlapMs = 2_000;

/** Then the browser connects anew, and whoever signed out meanwhile is refused. */
const maxStreamMs = 15 * 60_000;

const pageSize = 200;

interface ChangedConversation {
  readonly id: ConversationId;
  readonly updatedAt: Date;
  readonly ver: number;
}

/**
 * Answers a stream of server-sent events `conversation`, one for each commit that is seen, with
 * `{"id","updatedAt"}` as data and `<updatedAt in ms>-<conversation id>` as event id. A `Last-Event-ID` takes up
 * where that event was, with a small overlap: an event may come twice, none is left out.
 */
export function streamEvents(c: Context, deps: EventStreamDeps): Response {
  const since = addMs(instantOf(c.req.header("last-event-id")) ?? deps.store.now(), -overlapMs);
  c.header("x-accel-buffering", "no");
  return streamSSE(c, async (stream) => {
    const ended = new AbortController();
    stream.onAbort(() => ended.abort());
    const over = AbortSignal.any([ended.signal, deps.stopping]);
    const follower = new Follower(deps.store, since);
    const endsAt = addMs(deps.clock.now(), maxStreamMs);
    let quietSince = deps.clock.now();
    await stream.write(": connected\n\n");
    while (!over.aborted && deps.clock.now() < endsAt) {
      const poked = deps.pokes?.signal ?? over;
      const changed = await follower.next();
      for (const one of changed) await stream.writeSSE(eventOf(one));
      const isQuiet = changed.length === 0 && deps.clock.now() >= addMs(quietSince, heartbeatMs);
      if (isQuiet) await stream.write(": still here\n\n");
      if (isQuiet || changed.length > 0) quietSince = deps.clock.now();
      if (changed.length < pageSize) await deps.clock.wait(pollMs, AbortSignal.any([over, poked]));
    }
  });
}

function eventOf({ id, updatedAt }: ChangedConversation): { event: string; id: string; data: string } {
  const data = JSON.stringify({ id, updatedAt: updatedAt.toISOString() });
  return { event: "conversation", id: `${updatedAt.getTime()}-${id}`, data };
}

/** The instant in an event id of ours; undefined for anything else. */
function instantOf(eventId: string | undefined): Date | undefined {
  const ms = eventId?.match(/^(\d{1,15})-/)?.[1];
  return ms === undefined ? undefined : new Date(Number(ms));
}

/** Follows the commits from an instant on, telling each once. */
class Follower {
  readonly #store: EventStreamDeps["store"];
  #since: Date;
  /** What was told of the overlap: a conversation's newest version. */
  #told = new Map<ConversationId, ChangedConversation>();

  constructor(store: EventStreamDeps["store"], since: Date) {
    this.#store = store;
    this.#since = since;
  }

  async next(): Promise<readonly ChangedConversation[]> {
    const changed = await this.#store.conversations.changedSince(this.#since, pageSize);
    const fresh = changed.filter(({ id, ver }) => this.#told.get(id)?.ver !== ver);
    for (const one of fresh) this.#told.set(one.id, one);
    this.#moveOn(changed);
    return fresh;
  }

  #moveOn(changed: readonly ChangedConversation[]): void {
    const newest = changed.at(-1);
    if (newest === undefined) return;
    // A full page must be left behind whole, or the next look would find the same one again.
    const back = changed.length < pageSize ? overlapMs : 0;
    const since = addMs(newest.updatedAt, -back);
    if (since > this.#since) this.#since = since;
    this.#told = new Map([...this.#told].filter(([, { updatedAt }]) => updatedAt > this.#since));
  }
}
