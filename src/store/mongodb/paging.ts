import type { Document } from "mongodb";
import type { Position } from "@/store/cursor.ts";

/** The filter for rows before the position, in the order of `field` and then `_id`; all when there is none. */
export function beforePosition(field: string, position: Position | undefined): Document {
  if (position === undefined) return {};
  const at = new Date(position.at);
  return { [field]: { $lte: at }, $or: [{ [field]: { $lt: at } }, { _id: { $lt: position.id } }] };
}

/** The filter for rows after the position, in the same order. */
export function afterPosition(field: string, position: Position): Document {
  const at = new Date(position.at);
  return { [field]: { $gte: at }, $or: [{ [field]: { $gt: at } }, { _id: { $gt: position.id } }] };
}
