import type { Document } from "mongodb";
import { indexes } from "@/store/mongodb/indexes.ts";
import type { Query } from "@/store/mongodb/testing/recorded_queries.ts";

/**
 * Whether an index of `indexes.ts`, or that of `_id`, leads to the rows: one whose first field the filter bounds, or one
 * that has the order asked for. Of an `$or` each branch needs one, unless the rest of the filter has.
 */
export function isServed({ collection, filter, sort }: Query): boolean {
  const keys = [...(indexes[collection] ?? []).map(({ key }) => Object.keys(key)), ["_id"]];
  const [order] = Object.keys(sort);
  const { bounded, branches } = boundsOf(filter);
  const isBounded = (fields: ReadonlySet<string>): boolean => keys.some(([first]) => fields.has(first));
  if (isBounded(bounded)) return true;
  if (branches.some((alternatives) => alternatives.every((branch) => isServed({ collection, filter: branch, sort })))) {
    return true;
  }
  return order !== undefined && keys.some(([first]) => first === order);
}

interface Bounds {
  readonly bounded: ReadonlySet<string>;
  readonly branches: readonly (readonly Document[])[];
}

function boundsOf(filter: Document): Bounds {
  const bounded = new Set<string>();
  const branches: (readonly Document[])[] = [];
  for (const [name, condition] of Object.entries(filter)) {
    if (name === "$and") {
      for (const inner of (condition as Document[]).map(boundsOf)) {
        inner.bounded.forEach((field) => bounded.add(field));
        branches.push(...inner.branches);
      }
    } else if (name === "$or") branches.push(condition as Document[]);
    else if (isBound(condition)) bounded.add(name);
  }
  return { bounded, branches };
}

/** A value, a beginning of a text, a list or a range; not what leaves almost everything. */
function isBound(condition: unknown): boolean {
  if (condition instanceof RegExp) return condition.source.startsWith("^");
  if (typeof condition !== "object" || condition === null || condition instanceof Date) return condition !== undefined;
  return Object.keys(condition).some((sign) => ["$in", "$gt", "$gte", "$lt", "$lte", "$eq"].includes(sign));
}
