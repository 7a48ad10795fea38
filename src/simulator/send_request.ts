import { z } from "zod";
import {
  badParameter,
  type GraphError,
  graphError,
  recipientUnavailable,
  unknownRecipient,
  windowClosed,
} from "./graph_error.ts";
import type { World } from "./world.ts";

const sendBody = z.looseObject({
  recipient: z.looseObject({ id: z.string() }),
  message: z.looseObject({
    text: z.string().optional(),
    attachment: z.looseObject({ type: z.string() }).optional(),
    attachments: z.array(z.looseObject({ type: z.string() })).optional(),
    quick_replies: z.array(z.looseObject({ content_type: z.string(), title: z.string().optional() })).optional(),
  }).optional(),
  sender_action: z.string().optional(),
  tag: z.string().optional(),
});

type SendBody = z.infer<typeof sendBody>;

/** What a request to `/messages` asks for: a message, a sender action, or something that is refused. */
export type SendRequest =
  | { readonly kind: "message"; readonly psid: string; readonly message: OutgoingMessage }
  | { readonly kind: "action"; readonly psid: string }
  | {
    readonly kind: "refused";
    readonly psid?: string;
    readonly text?: string;
    readonly tag?: string;
    readonly error: GraphError;
  };

export interface OutgoingMessage {
  readonly text: string;
  readonly tag?: string;
  readonly attachments: readonly Readonly<Record<string, unknown>>[];
}

const dayMs = 24 * 3_600_000;
const actions: ReadonlySet<string> = new Set(["typing_on", "typing_off", "mark_seen", "react", "unreact"]);

/** Reads and checks a body for `/messages` as Instagram would, at that instant. */
export function readSendRequest(body: unknown, world: World, now: Date): SendRequest {
  const parsed = sendBody.safeParse(body);
  if (!parsed.success) return { kind: "refused", error: badParameter("The parameter recipient is required") };
  const { recipient: { id: psid }, message, tag } = parsed.data;
  const about = { psid, ...pick(message?.text, tag) };
  const error = problemOf(parsed.data) ?? recipientProblem(psid, tag, { world, now });
  if (error !== undefined) return { kind: "refused", ...about, error };
  if (message === undefined) return { kind: "action", psid };
  const attachments = message.text === undefined ? message.attachments ?? [message.attachment ?? {}] : [];
  return { kind: "message", psid, message: { text: message.text ?? "", attachments, ...pick(undefined, tag) } };
}

function pick(text?: string, tag?: string): { readonly text?: string; readonly tag?: string } {
  return { ...(text === undefined ? {} : { text }), ...(tag === undefined ? {} : { tag }) };
}

function problemOf({ message, sender_action: action, tag }: SendBody): GraphError | undefined {
  if (action !== undefined && message !== undefined) return badParameter("Message and sender action together", 2018014);
  if (action !== undefined) return actions.has(action) ? undefined : badParameter("Invalid sender action");
  if (message === undefined) return badParameter("The parameter message is required");
  if (!hasGoodQuickReplies(message)) return badParameter("Invalid quick replies", 2534015);
  if (tag !== undefined && tag !== "HUMAN_AGENT") return badParameter("Invalid message tag");
  if (message.text === undefined) {
    const attached = message.attachment !== undefined || (message.attachments?.length ?? 0) > 0;
    return attached ? undefined : badParameter("Invalid message data", 2534015);
  }
  const bytes = new TextEncoder().encode(message.text).length;
  if (bytes === 0) return badParameter("Invalid message data", 2534015);
  return bytes > 1_000 ? badParameter("Length of param message[text] must be less than or equal to 1000") : undefined;
}

/** At most 13, each with a title of 1 to 20 characters, below a text. */
function hasGoodQuickReplies({ quick_replies: replies = [], text }: NonNullable<SendBody["message"]>): boolean {
  const isGood = ({ title = "" }: { readonly title?: string }): boolean => title !== "" && [...title].length <= 20;
  return replies.length <= 13 && replies.every(isGood) && (replies.length === 0 || text !== undefined);
}

function recipientProblem(
  psid: string,
  tag: string | undefined,
  { world, now }: { readonly world: World; readonly now: Date },
): GraphError | undefined {
  const contact = world.contact(psid);
  if (contact === undefined) return unknownRecipient;
  if (contact.blocked) return recipientUnavailable;
  const lastUserAt = world.thread(psid)?.lastUserAt;
  if (lastUserAt === undefined) return windowClosed;
  const windowMs = tag === "HUMAN_AGENT" ? 7 * dayMs : dayMs;
  return now.getTime() - lastUserAt.getTime() > windowMs ? windowClosed : undefined;
}

/** The error of a request whose path nobody knows; a doubled version is the usual cause. */
export const unknownPath: GraphError = graphError(2500, "Unknown path components", {
  status: 500,
  type: "OAuthException",
});
