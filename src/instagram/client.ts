import type { Clock } from "@/clock.ts";
import type { Config } from "@/config.ts";
import { makeGraphHttp } from "@/instagram/client_http.ts";
import { type SendAnswer, sendText, type TextToSend } from "@/instagram/client_send.ts";
import { makeThreadReader, type ReadPace, type ThreadAnswer, type ThreadQuery } from "@/instagram/client_thread.ts";
import { fetchProfile, type ProfileAnswer } from "@/instagram/profile.ts";
import { type AccountAnswer, fetchAccount, type RefreshAnswer, refreshToken } from "@/instagram/token.ts";

export type { SendAnswer, TextToSend } from "@/instagram/client_send.ts";
export type { ReadPace, ThreadAnswer, ThreadMessage, ThreadQuery } from "@/instagram/client_thread.ts";
export type { ProfileAnswer } from "@/instagram/profile.ts";
export type { AccountAnswer, RefreshAnswer } from "@/instagram/token.ts";

/** Instagram's Graph API, in Moca's words. No call rejects: whatever happens is an answer. */
export interface InstagramClient extends Disposable {
  /** Sends one text by exactly one request, which begins before this returns. */
  sendText(text: TextToSend): Promise<SendAnswer>;
  /** The newest messages with one contact. Waits until the account may read: once a second by default. */
  readThread(query: ThreadQuery): Promise<ThreadAnswer>;
  /** Whose token it is. */
  me(token: string): Promise<AccountAnswer>;
  /** What Instagram tells about a contact. */
  profile(psid: string, token: string): Promise<ProfileAnswer>;
  /** Asks for 60 more days; the token must be a day old and not expired. */
  refreshToken(token: string): Promise<RefreshAnswer>;
}

export interface InstagramClientOptions {
  readonly graph: Config["graph"];
  readonly clock: Clock;
  /** The longest that an answer is waited for. Default 15,000 ms. */
  readonly requestMs?: number;
  /** Reading calls an account. Default: 1 in any 1,000 ms. */
  readonly readPace?: ReadPace;
}

export function makeInstagramClient(options: InstagramClientOptions): InstagramClient {
  const { graph, clock, requestMs = 15_000, readPace = { limit: 1, intervalMs: 1_000 } } = options;
  const http = makeGraphHttp({ url: graph.url, clock });
  const api = { http, version: graph.version, requestMs };
  return {
    sendText: (text) => sendText(api, text),
    readThread: makeThreadReader(api, readPace),
    me: (token) => fetchAccount(api, token),
    profile: (psid, token) => fetchProfile(api, { psid, token }),
    refreshToken: (token) => refreshToken(api, token),
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
}
