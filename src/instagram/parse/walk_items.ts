import { z } from "zod";
import { idShape } from "@/instagram/parse/shapes.ts";

/** One item of an envelope, not yet looked into, with what its surroundings say about it. */
export interface RawItem {
  readonly value: unknown;
  /** `entry.id`: the account, when the entry names it. */
  readonly entryId?: string;
  /** `entry.time`, as it came; seconds or milliseconds. */
  readonly entryTime: unknown;
  /** Another app holds the thread. */
  readonly standby: boolean;
  /** It came under a field that carries echoes only. */
  readonly echo: boolean;
}

/** Every item of the envelopes, in order; what holds no item is undefined. */
export type Walk =
  | { readonly kind: "items"; readonly items: readonly (RawItem | undefined)[] }
  | { readonly kind: "dead"; readonly reason: string };

/** Fields of `changes` whose value is such an item as `messaging` holds. Meta spells some of them in two ways. */
const messagingFields: ReadonlySet<string> = new Set([
  "messages",
  "message_echoes",
  "message_reactions",
  "messaging_reactions",
  "message_edit",
  "messaging_postbacks",
  "messaging_seen",
  "messaging_referral",
  "messaging_referrals",
  "messaging_optins",
  "messaging_handover",
  "standby",
]);

const envelopeShape = z.object({ object: z.unknown().optional(), entry: z.array(z.unknown()) });
const entryShape = z.object({
  id: idShape.optional().catch(undefined),
  time: z.unknown().optional(),
  messaging: z.unknown().optional(),
  standby: z.unknown().optional(),
  changes: z.unknown().optional(),
  field: z.unknown().optional(),
  value: z.unknown().optional(),
});
const changeShape = z.object({ field: z.string(), value: z.unknown().optional() });

type Entry = z.infer<typeof entryShape>;

/** Takes the JSON of one webhook request apart: one envelope, or a list of envelopes. */
export function walkItems(json: unknown): Walk {
  if (!Array.isArray(json)) return walkEnvelope(json);
  const walks = json.map(walkEnvelope);
  const refused = walks.find((walk) => walk.kind === "dead");
  if (refused !== undefined && walks.every(({ kind }) => kind === "dead")) return refused;
  return { kind: "items", items: walks.flatMap((walk) => walk.kind === "items" ? walk.items : [undefined]) };
}

function walkEnvelope(json: unknown): Walk {
  const envelope = envelopeShape.safeParse(json);
  if (!envelope.success) return { kind: "dead", reason: "it is JSON, but not an envelope with a list of entries" };
  const { object, entry } = envelope.data;
  if (object === "instagram" || object === undefined) return { kind: "items", items: entry.flatMap(walkEntry) };
  const named = typeof object === "string" ? `"${object.toWellFormed().slice(0, 40)}"` : typeof object;
  return { kind: "dead", reason: `its object is ${named}, wanted "instagram": another product was subscribed` };
}

function walkEntry(json: unknown): readonly (RawItem | undefined)[] {
  const parsed = entryShape.safeParse(json);
  if (!parsed.success) return [undefined];
  const entry = parsed.data;
  const found = [
    ...asList(entry.messaging).map((value) => rawItem(entry, value, "messages")),
    ...asList(entry.standby).map((value) => rawItem(entry, value, "standby")),
    ...asList(entry.changes).map((change) => fromChange(entry, change)),
    ...(entry.field === undefined ? [] : [fromChange(entry, entry)]),
  ];
  return found.length === 0 ? [undefined] : found;
}

function fromChange(entry: Entry, json: unknown): RawItem | undefined {
  const change = changeShape.safeParse(json);
  if (!change.success || !messagingFields.has(change.data.field)) return undefined;
  return rawItem(entry, change.data.value, change.data.field);
}

function rawItem(entry: Entry, value: unknown, field: string): RawItem {
  return {
    value,
    entryId: entry.id,
    entryTime: entry.time,
    standby: field === "standby",
    echo: field === "message_echoes",
  };
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
