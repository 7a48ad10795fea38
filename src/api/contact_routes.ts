import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { stream } from "hono/streaming";
import { z } from "zod";
import { exportContact } from "@/api/export_contact.ts";
import { type Misfit, wantedBy } from "@/conversation/contact_fields.ts";
import { eraseContact } from "@/backoffice/erase_contact.ts";
import { tell } from "@/backoffice/people.ts";
import type { ApiDeps } from "@/api/api.ts";
import type { ApiEnv } from "@/api/guard.ts";
import { presentContact } from "@/api/presenters.ts";
import { refuse, refuseInvalid, refuseUnknown } from "@/api/refuse.ts";
import { fieldName } from "@/api/shapes.ts";

const patchBody = z.strictObject({
  /** `null` removes a field. */
  fields: z.record(fieldName, z.string().min(1).max(2_000).nullable()).optional(),
  tags: z.array(z.string().trim().min(1).max(60)).max(50).optional(),
  optOut: z.boolean().optional(),
  neverBot: z.boolean().optional(),
});

/** The value that is taken back; the field must still hold it. */
const undoBody = z.strictObject({ value: z.string().min(1).max(2_000) });

type ContactDeps = Pick<ApiDeps, "store" | "clock" | "actions">;

/** A contact has the id of its conversation. */
export function contactRoutes({ store, clock, actions }: ContactDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get("/:id", async (c) => {
    const aggregate = await store.conversations.load(c.req.param("id"));
    return aggregate === undefined ? refuseUnknown(c, "contact") : c.json(presentContact(aggregate.contact));
  });
  routes.get("/:id/export", async (c) => {
    const aggregate = await store.conversations.load(c.req.param("id"));
    if (aggregate === undefined) return refuseUnknown(c, "contact");
    const { id } = aggregate.contact;
    await tell(store, { actor: c.var.operator, action: "contact.export", object: id, changes: {} });
    c.header("content-type", "application/json; charset=utf-8");
    c.header("content-disposition", `attachment; filename="contact-${aggregate.contact.psid}.json"`);
    return stream(c, async (out) => {
      for await (const piece of exportContact(store, aggregate)) await out.write(piece);
    });
  });
  routes.patch("/:id", zValidator("json", patchBody, refuseInvalid), async (c) => {
    const outcome = await actions.changeContact(c.req.param("id"), c.req.valid("json"), c.var.operator);
    switch (outcome.kind) {
      case "notFound":
        return refuseUnknown(c, "contact");
      case "invalid":
        return refuse(c, "invalid", outcome.reason);
      case "misfit":
        return refuseMisfits(c, outcome.misfits);
      case "changed":
        return c.json(presentContact(outcome.aggregate.contact));
    }
  });
  routes.post("/:id/fields/:field/undo", zValidator("json", undoBody, refuseInvalid), async (c) => {
    const fact = { field: c.req.param("field"), value: c.req.valid("json").value };
    const outcome = await actions.undoFact(c.req.param("id"), fact, c.var.operator);
    switch (outcome.kind) {
      case "notFound":
        return refuseUnknown(c, "contact");
      case "gone":
        return refuse(c, "conflict", "The field holds another value by now");
      case "undone":
        return c.json(presentContact(outcome.aggregate.contact));
    }
  });
  routes.delete("/:id", async (c) => {
    const id = c.req.param("id");
    const outcome = await eraseContact({ store, clock }, { id, operator: c.var.operator });
    if (outcome === "absent") return refuseUnknown(c, "contact");
    if (outcome === "waiting") {
      return refuse(
        c,
        "unavailable",
        "Erased, but a webhook that names the contact is not taken apart yet; erase again",
      );
    }
    return c.body(null, 204);
  });
  return routes;
}

function refuseMisfits(c: Context, misfits: readonly Misfit[]): Response {
  const fields = Object.fromEntries(misfits.map(({ name, field }) => [
    `fields.${name}`,
    field === undefined ? "is none of the account's contactFields; wants null" : `wants ${wantedBy(field)}`,
  ]));
  return refuse(c, "invalid", `Cannot save the contact: see ${Object.keys(fields).join(", ")}`, fields);
}
