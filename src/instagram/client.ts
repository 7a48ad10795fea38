import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import { type GraphHttp, makeGraphHttp } from "@/instagram/client_http.ts";
import { makeThreadBrowser, type ThreadBrowser } from "@/instagram/thread_list.ts";
import { readUsage, type Usage } from "@/instagram/usage.ts";
import { type SendAnswer, sendText, type TextToSend } from "@/instagram/client_send.ts";
import { readThread, type ThreadAnswer, type ThreadQuery } from "@/instagram/client_thread.ts";
import { makePacedAsk, type ReadPace } from "@/instagram/paced_ask.ts";
import { fetchProfile, type ProfileAnswer, type ProfileQuery } from "@/instagram/profile.ts";
import { type AccountAnswer, fetchAccount, type RefreshAnswer, refreshToken } from "@/instagram/token.ts";

export type { SendAnswer, TextToSend } from "@/instagram/client_send.ts";
export type { ReadPace } from "@/instagram/paced_ask.ts";
export type { ThreadAnswer, ThreadMessage, ThreadQuery } from "@/instagram/client_thread.ts";
export type { ProfileAnswer, ProfileQuery } from "@/instagram/profile.ts";
export type { AccountAnswer, RefreshAnswer } from "@/instagram/token.ts";

export type { ThreadHead } from "@/instagram/thread_list.ts";

/** Instagram's Graph API, in Moca's words. No call rejects: whatever happens is an answer. */
export interface InstagramClient extends ThreadBrowser, Disposable {
  /** Sends one text by exactly one request, which begins before this returns. */
  sendText(text: TextToSend): Promise<SendAnswer>;
  /** The newest messages with one contact. Waits until the account may read: once a second by default. */
  readThread(query: ThreadQuery): Promise<ThreadAnswer>;
  /** Whose token it is. */
  me(token: string): Promise<AccountAnswer>;
  /** What Instagram tells about a contact. */
  profile(query: ProfileQuery): Promise<ProfileAnswer>;
  /** Asks for 60 more days; the token must be a day old and not expired. */
  refreshToken(token: string): Promise<RefreshAnswer>;
}

export interface InstagramClientOptions {
  readonly graph: Config["graph"];
  readonly clock: Clock;
  /** The longest that an answer is waited for. Default 15,000 ms. */
  readonly requestMs?: number;
  /** Calls that read, of one account. Default: 1 in any 1,000 ms. */
  readonly readPace?: ReadPace;
  /** Told of the usage that an answer speaks of, before the answer is handed on. Must not reject. */
  readonly onUsage?: (accountId: string, usage: Usage) => Promise<void>;
}

export function makeInstagramClient(options: InstagramClientOptions): InstagramClient {
  const { graph, clock, requestMs = 15_000, readPace = { limit: 1, intervalMs: 1_000 } } = options;
  const http = watchUsage(makeGraphHttp({ url: graph.url, clock }), options.onUsage);
  const api = { http, version: graph.version, requestMs };
  const askFor = makePacedAsk(readPace);
  return {
    sendText: (text) => sendText(api, text),
    readThread: (query) => readThread(api, askFor(query.accountId), query),
    ...makeThreadBrowser(api, askFor),
    me: (token) => fetchAccount(api, token),
    profile: (query) => fetchProfile(api, askFor(query.accountId), query),
    refreshToken: (token) => refreshToken(api, token),
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
}

/** Reads the usage headers of every answer, good or bad. */
function watchUsage(http: GraphHttp, onUsage: InstagramClientOptions["onUsage"]): GraphHttp {
  if (onUsage === undefined) return http;
  return {
    call: async (call) => {
      const reply = await http.call(call);
      const usage = reply.kind === "answered" ? readUsage(reply.headers) : undefined;
      if (usage !== undefined && call.accountId !== undefined) await onUsage(call.accountId, usage);
      return reply;
    },
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
}
