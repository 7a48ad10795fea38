/**
 * What each of Meta's error codes means for a message on its way. From Meta's error pages for the Send API and
 * the Graph API; rows that only running servers have seen say "seen".
 */

/**
 * How Moca reacts.
 * - `retry`: surely not delivered, worth another try.
 * - `throttle`: too fast; the whole account pauses.
 * - `unknown`: perhaps delivered; the thread is read before anything else.
 * - `fail`: this message can never be delivered.
 * - `window`: Instagram's time for answering is over.
 * - `recipient`: this person cannot be written to now.
 * - `token`: the access token is no longer good; the account pauses.
 * - `config`: a permission or a switch is missing; the account pauses.
 * - `pause`: Instagram restricts the account; everything stops until a person has looked.
 */
export type ErrorClass =
  | "retry"
  | "throttle"
  | "unknown"
  | "fail"
  | "window"
  | "recipient"
  | "token"
  | "config"
  | "pause";

export interface ErrorRow {
  /** Absent: any code, told by the subcode or the words alone. */
  readonly code?: number;
  /** Absent: also every subcode of the code that has no row of its own. */
  readonly subcode?: number;
  /** What Meta's message says, where the same code means different things. Such a row comes first. */
  readonly says?: RegExp;
  readonly class: ErrorClass;
  /** In plain words for the business, with the cure where a person must act. */
  readonly words: string;
}

const reconnect = "give Moca a new access token in Settings";

export const errorTable: readonly ErrorRow[] = [
  { code: 1, class: "unknown", words: "Instagram had a problem of its own" },
  {
    code: 1,
    subcode: 99,
    class: "config",
    words: "the app lacks a permission: check its access in the Meta dashboard",
  },
  { code: 1, subcode: 1357046, class: "unknown", words: "Instagram reported a problem although it may have sent it" },
  { code: 1, says: /reduce the amount of data/i, class: "retry", words: "Instagram found the query too wide" },
  { code: 2, class: "unknown", words: "Instagram is unavailable for a moment, or the contact blocked the business" },
  { code: 2, subcode: 1545133, class: "retry", words: "Instagram is unavailable for a moment" },
  { code: 3, class: "config", words: "the app lacks a capability: check its permissions in the Meta dashboard" },
  { code: 4, class: "throttle", words: "the app made too many calls" },
  { code: 9, subcode: 2018352, class: "fail", words: "the contact does too much at once" },
  { code: 10, class: "config", words: `the app's permission was removed, grant it again: ${reconnect}` },
  { code: 10, subcode: 2534022, class: "window", words: "Instagram's time for answering is over" },
  { code: 10, subcode: 2018278, class: "window", words: "Instagram's time for answering is over" },
  { code: 10, subcode: 2018065, class: "window", words: "Instagram's time for answering is over" },
  { code: 10, subcode: 2018108, class: "recipient", words: "the contact cannot receive messages right now" },
  {
    code: 10,
    subcode: 2534077,
    class: "config",
    words: `the link between Instagram account and app is not confirmed, connect it again: ${reconnect}`,
  },
  {
    code: 10,
    subcode: 1893063,
    class: "pause",
    words:
      "Instagram restricts the account for a breach of its rules: look at the account's status in the Instagram app",
  },
  { code: 17, class: "throttle", words: "the account made too many calls" },
  { code: 17, subcode: 2446079, class: "throttle", words: "the account made too many calls" },
  { code: 27, class: "config", words: "another app controls conversations: set up Conversation Routing" },
  { code: 32, class: "throttle", words: "the page made too many calls" },
  { code: 100, class: "fail", words: "Instagram found the request wrong" },
  {
    code: 100,
    says: /unsupported request - method type/i,
    class: "config",
    words:
      "the Instagram account has no accepted tester role in the app: accept the invitation under Apps and websites",
  },
  { code: 100, subcode: 33, class: "fail", words: "what the request is about does not exist, or is not ours to use" },
  { code: 100, subcode: 2018001, class: "recipient", words: "Instagram does not know the contact" },
  { code: 100, subcode: 2534014, class: "recipient", words: "Instagram does not know the contact" },
  { code: 100, subcode: 2018008, class: "fail", words: "Instagram could not fetch the attachment" },
  { code: 100, subcode: 2018047, class: "fail", words: "the attachment is of another type than was said" },
  { code: 100, subcode: 2018074, class: "fail", words: "Instagram does not know the attachment" },
  { code: 100, subcode: 2018109, class: "fail", words: "the attachment is too large" },
  { code: 100, subcode: 2018294, class: "fail", words: "Instagram took too long to fetch the video" },
  { code: 100, subcode: 2534080, class: "fail", words: "Instagram does not take attachments of this format" },
  { code: 100, subcode: 2018014, class: "fail", words: "Instagram found the request wrong" },
  { subcode: 2534001, class: "fail", words: "the conversation was archived or deleted" },
  {
    code: 100,
    subcode: 2534013,
    class: "config",
    words: "the page is not linked to an Instagram account: link it to the account in the Meta dashboard",
  },
  { code: 100, subcode: 2534015, class: "fail", words: "Instagram found the message wrong" },
  { code: 100, subcode: 2534025, class: "fail", words: "the comment was answered already" },
  {
    code: 100,
    subcode: 2534029,
    class: "pause",
    words: "Instagram blocked the business from its messaging: look at the account's status in the Instagram app",
  },
  { code: 100, subcode: 2534037, class: "fail", words: "another app controls this conversation" },
  { code: 100, subcode: 2534068, class: "fail", words: "Instagram does not take several images at once here" },
  { code: 102, class: "token", words: `the access token is no longer valid: ${reconnect}` },
  { code: 190, class: "token", words: `the access token is no longer valid: ${reconnect}` },
  { code: 190, subcode: 458, class: "token", words: `the app was removed from the account: ${reconnect}` },
  { code: 190, subcode: 459, class: "token", words: `Instagram wants the owner to sign in first: ${reconnect}` },
  { code: 190, subcode: 460, class: "token", words: `the account's password was changed: ${reconnect}` },
  { code: 190, subcode: 463, class: "token", words: `the access token has expired: ${reconnect}` },
  { code: 190, subcode: 464, class: "token", words: `the account's owner is not confirmed, confirm it: ${reconnect}` },
  { code: 190, subcode: 467, class: "token", words: `the access token was made invalid: ${reconnect}` },
  { code: 190, subcode: 492, class: "token", words: `the token's owner has no role on the page: ${reconnect}` },
  { code: 200, class: "config", words: "the app lacks a permission: check its access in the Meta dashboard" },
  { code: 200, subcode: 1545041, class: "recipient", words: "the contact is not available right now" },
  { code: 551, subcode: 1545041, class: "recipient", words: "the contact is not available right now" },
  { code: 200, subcode: 2018028, class: "config", words: "the app may only write to its testers: ask Meta for review" },
  {
    code: 200,
    subcode: 2534041,
    class: "config",
    words: "access to messages is switched off in Instagram: allow it under Connected tools",
  },
  { code: 230, class: "fail", words: "the contact has not agreed to that" },
  { code: 341, class: "throttle", words: "the app made too many calls" },
  {
    code: 368,
    class: "pause",
    words: "Instagram blocks the account for a while: look at the account's status in the Instagram app",
  },
  { code: 551, class: "recipient", words: "the contact does not receive messages from the business" },
  { code: 613, class: "throttle", words: "the account made too many calls" },
  { code: 613, subcode: 2534040, class: "throttle", words: "the account sent too many messages" },
  { code: 613, subcode: 2018338, class: "recipient", words: "Instagram finds that the contact is written to too much" },
  { code: 803, class: "fail", words: "what the request is about does not exist" },
  {
    code: 2022,
    class: "pause",
    words: "Instagram switched the business's messages off: look at the account's status in the Instagram app",
  },
  { code: 2500, class: "fail", words: "Instagram does not know the address: check IG_GRAPH_URL and IG_GRAPH_VERSION" },
  {
    code: 36103,
    class: "config",
    words: "the account may not use messaging yet: check its status in the Meta dashboard",
  },
  { code: 80001, class: "throttle", words: "the page made too many calls" },
  { code: 80002, class: "throttle", words: "the account made too many calls" },
  { code: 80006, class: "throttle", words: "the account sent too many messages" },
  { code: 80007, class: "throttle", words: "the account made too many calls" },
  { subcode: 2018300, class: "fail", words: "another app controls this conversation" },
  { code: 9000001, class: "fail", words: "the message was deleted" },
  { subcode: 9000001, class: "fail", words: "the message was deleted" },
  {
    says: /to use .?human agent/i,
    class: "fail",
    words: "Meta has not approved the app's Human Agent feature: after 24 h only an approved app may answer",
  },
];
