import assert from "node:assert/strict";
import { isServed } from "@/store/mongodb/testing/index_rule.ts";

function served(filter: Record<string, unknown>, sort: Record<string, 1 | -1> = {}): boolean {
  return isServed({ collection: "conversations", filter, sort });
}

Deno.test("isServed() accepts what an index bounds or orders", () => {
  assert.ok(served({ _id: "a" }));
  assert.ok(served({ $and: [{ dueAt: { $lte: new Date() } }, { nothing: 1 }] }));
  assert.ok(served({ $or: [{ _id: "a" }, { state: { $in: ["open"] } }] }));
  assert.ok(served({}, { lastAt: -1, _id: -1 }));
});

Deno.test("isServed() refuses what no index leads to", () => {
  assert.ok(!served({ nothing: 1 }));
  assert.ok(!served({ state: { $ne: "open" } }));
  assert.ok(!served({ dueAt: { $exists: true } }));
  assert.ok(!served({ accountId: /middle/ }));
  assert.ok(!served({ $or: [{ _id: "a" }, { nothing: 1 }] }));
  assert.ok(!served({ nothing: 1 }, { unread: -1 }));
});
