import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { type HistoryEntry, isHistoryCursor, readHistory } from "@/api/history.ts";
import { type Json, presentMessage, presentUnsent } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { flag, limit } from "@/api/shapes.ts";
import type { NoteOutcome } from "@/backoffice/note_actions.ts";
import type { SendOutcome } from "@/backoffice/operator_actions.ts";

const pageQuery = z.strictObject({
  before: z.string().max(2_000).refine(isHistoryCursor, "wants the nextCursor of another page").optional(),
  limit,
  events: flag,
});

const messageBody = z.strictObject({
  text: z.string().max(20_000),
  commandId: z.string().max(1_000),
  tag: z.literal("human_agent").optional(),
});

const noteBody = messageBody.pick({ text: true, commandId: true });

type MessageDeps = Pick<ApiDeps, "store" | "actions">;

/** Under `/conversations/:id`: what was said, a message to the contact, a note for the team. */
export function messageRoutes({ store, actions }: MessageDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/:id/messages", zValidator("query", pageQuery, refuseInvalid), async (c) => {
    const id = c.req.param("id");
    const { events = false, ...query } = c.req.valid("query");
    if (await store.conversations.load(id) === undefined) return refuseUnknown(c, "conversation");
    const { entries, nextCursor = null } = await readHistory(store, id, { ...query, events });
    return c.json({ items: entries.map(presentEntry), nextCursor });
  });
  routes.post("/:id/messages", zValidator("json", messageBody, refuseInvalid), async (c) => {
    const { tag, ...message } = c.req.valid("json");
    const request = { ...message, ...(tag === undefined ? {} : { tag: "HUMAN_AGENT" as const }) };
    return respondSend(c, await actions.sendMessage(c.req.param("id"), request, c.var.operator));
  });
  routes.post("/:id/notes", zValidator("json", noteBody, refuseInvalid), async (c) => {
    return respondNote(c, await actions.addNote(c.req.param("id"), c.req.valid("json"), c.var.operator));
  });
  return routes;
}

function respondNote(c: Context, outcome: NoteOutcome): Response {
  switch (outcome.kind) {
    case "noted":
    case "repeated":
      return c.json({ messageId: outcome.messageId }, 201);
    case "notFound":
      return refuseUnknown(c, "conversation");
    case "commandMismatch":
      return refuseMismatch(c);
    case "invalid":
      return refuse(c, "invalid", `Cannot keep the note: ${outcome.reason}`, {
        [outcome.problem === "badCommandId" ? "commandId" : "text"]: outcome.reason,
      });
  }
}

function refuseMismatch(c: Context): Response {
  return refuse(c, "command_mismatch", "The command id was used for another message", {
    commandId: "wants a new one for each message",
  });
}

function presentEntry(entry: HistoryEntry): Json {
  return entry.kind === "message" ? presentMessage(entry.message) : presentUnsent(entry.item);
}

function respondSend(c: Context, outcome: SendOutcome): Response {
  switch (outcome.kind) {
    case "queued":
    case "repeated":
      return c.json({ outboundId: outcome.outboundId }, 202);
    case "notFound":
      return refuseUnknown(c, "conversation");
    case "newer":
      return refuse(c, "conflict", "Somebody has answered meanwhile");
    case "windowClosed":
      return refuse(c, "window_closed", "Instagram's time for answering is over");
    case "commandMismatch":
      return refuseMismatch(c);
    case "invalid":
      return refuse(c, "invalid", `Cannot send: ${outcome.reason}`, {
        [outcome.problem === "badCommandId" ? "commandId" : "text"]: outcome.reason,
      });
  }
}
