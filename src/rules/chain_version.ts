import { createHash } from "node:crypto";
import { inOrder, isReordered } from "@/rules/chain_order.ts";

/** Hex digits of a version: enough to tell apart, short enough to read out. */
const versionLength = 12;

/** 12 hex digits over a text. */
export function versionOf(text: string): string {
  return shortVersion(createHash("sha256").update(text).digest("hex"));
}

/** The version of a file's content, as people see it. */
export function shortVersion(hash: string): string {
  return hash.slice(0, versionLength);
}

/** The version of the rules that are asked: that of the files, or another when some of them are off or moved. */
export function chainVersion(
  { version, rules }: { readonly version: string; readonly rules: readonly { readonly name: string }[] },
  { rulesOff, rulesOrder }: { readonly rulesOff: readonly string[]; readonly rulesOrder: readonly string[] },
): string {
  const off = rules.map(({ name }) => name).filter((name) => rulesOff.includes(name));
  const order = isReordered(rules, rulesOrder) ? ["", ...inOrder(rules, rulesOrder).map(({ name }) => name)] : [];
  return off.length + order.length === 0 ? version : versionOf([version, ...off, ...order].join("\0"));
}
