import { hasOwnMid, type SingleEvent } from "./contact_event.ts";
import { defaultPersonas, type PretendContact, stranger } from "./personas.ts";

/** A message as the pretend Instagram shows it to both sides. */
export interface ThreadMessage {
  readonly mid: string;
  readonly from: "contact" | "business";
  /** `api`: sent by a program · `app`: typed in an Instagram app. */
  readonly via: "api" | "app";
  /** Empty when it has none. */
  readonly text: string;
  readonly attachments: readonly Readonly<Record<string, unknown>>[];
  readonly unsupported: boolean;
  readonly edits: number;
  readonly at: Date;
}

export interface Thread {
  /** The conversation's id in the Conversations API. */
  readonly id: string;
  readonly psid: string;
  /** Oldest first; the newest 200. */
  readonly messages: readonly ThreadMessage[];
  /** When the contact last did something that opens the window. */
  readonly lastUserAt?: Date;
  readonly updatedAt: Date;
}

const keptMessages = 200;

/** Who exists on the pretend Instagram, and what they said to each other. In memory only. */
export class World {
  readonly #contacts = new Map<string, PretendContact>(defaultPersonas.map((persona) => [persona.psid, persona]));
  readonly #threads = new Map<string, Thread>();
  readonly #threadOfMid = new Map<string, string>();

  get contacts(): readonly PretendContact[] {
    return [...this.#contacts.values()];
  }

  contact(psid: string): PretendContact | undefined {
    return this.#contacts.get(psid);
  }

  /** Changes a contact, who is made when unknown. */
  setContact(psid: string, changes: Partial<Omit<PretendContact, "psid">> = {}): PretendContact {
    const contact = { ...(this.#contacts.get(psid) ?? stranger(psid, changes.name)), ...changes };
    this.#contacts.set(psid, contact);
    return contact;
  }

  thread(psid: string): Thread | undefined {
    return this.#threads.get(psid);
  }

  /** Newest first. */
  get threads(): readonly Thread[] {
    return [...this.#threads.values()].sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
  }

  message(mid: string): { readonly thread: Thread; readonly message: ThreadMessage } | undefined {
    const thread = this.#threads.get(this.#threadOfMid.get(mid) ?? "");
    const message = thread?.messages.find((candidate) => candidate.mid === mid);
    return thread === undefined || message === undefined ? undefined : { thread, message };
  }

  /** What the contact did, as the threads remember it. */
  contactDid(psid: string, event: SingleEvent, frame: { readonly mid: string; readonly at: Date }): void {
    this.setContact(psid);
    if (hasOwnMid(event)) this.#append(psid, contactMessage(event, frame), frame.at);
    else if (event.kind === "edit" && event.number !== 0) this.#edit(event.mid, event.text);
    else if (event.kind === "unsend") this.#forget(event.mid);
  }

  /** What the business's side said. */
  businessSaid(psid: string, message: Pick<ThreadMessage, "mid" | "via" | "text" | "attachments" | "at">): void {
    this.#append(psid, { ...message, from: "business", unsupported: false, edits: 0 });
  }

  #append(psid: string, message: ThreadMessage, lastUserAt?: Date): void {
    const old = this.#threads.get(psid);
    const messages = [...old?.messages ?? [], message];
    for (const dropped of messages.splice(0, messages.length - keptMessages)) this.#threadOfMid.delete(dropped.mid);
    const opened = lastUserAt ?? old?.lastUserAt;
    this.#threadOfMid.set(message.mid, psid);
    this.#threads.set(psid, {
      id: old?.id ?? `aWdfZAG06MTpJR01lc3NhZAZa${btoa(psid).replaceAll("=", "ZD")}`,
      psid,
      messages,
      ...(opened === undefined ? {} : { lastUserAt: opened }),
      updatedAt: message.at,
    });
  }

  #edit(mid: string, text: string): void {
    this.#rewrite(
      mid,
      (messages) =>
        messages.map((message) => message.mid === mid ? { ...message, text, edits: message.edits + 1 } : message),
    );
  }

  #forget(mid: string): void {
    this.#rewrite(mid, (messages) => messages.filter((message) => message.mid !== mid));
    this.#threadOfMid.delete(mid);
  }

  #rewrite(mid: string, change: (messages: readonly ThreadMessage[]) => readonly ThreadMessage[]): void {
    const found = this.message(mid);
    if (found === undefined) return;
    this.#threads.set(found.thread.psid, { ...found.thread, messages: change(found.thread.messages) });
  }
}

function contactMessage(event: SingleEvent, { mid, at }: { readonly mid: string; readonly at: Date }): ThreadMessage {
  return {
    mid,
    from: "contact",
    via: "app",
    text: "text" in event ? event.text : event.kind === "quickReply" || event.kind === "postback" ? event.title : "",
    attachments: attachmentsOf(event),
    unsupported: event.kind === "unsupported",
    edits: 0,
    at,
  };
}

function attachmentsOf(event: SingleEvent): readonly Readonly<Record<string, unknown>>[] {
  const url = "url" in event ? event.url : undefined;
  switch (event.kind) {
    case "image":
      return [{ image_data: { url: url ?? "https://lookaside.fbsbx.com/pretend.jpg" } }];
    case "video":
      return [{ video_data: { url: url ?? "https://lookaside.fbsbx.com/pretend.mp4" } }];
    case "voice":
    case "file":
      return [{ file_url: url ?? "https://lookaside.fbsbx.com/pretend.bin" }];
    default:
      return [];
  }
}
