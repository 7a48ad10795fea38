import type { Random } from "./random.ts";

/** Makes message ids that look like Instagram's: long, opaque, never the same twice. */
export function midMaker(accountId: string, random: Random): () => string {
  let count = 0;
  return () => {
    count += 1;
    const salt = Array.from({ length: 24 }, () => Math.floor(random() * 36).toString(36)).join("");
    const inside = `1:IGMessageID:${accountId}:340282366841710301244259:${String(count).padStart(20, "0")}:${salt}`;
    return `aWdfZAG1faXRlbTo${btoa(inside).replaceAll("=", "ZD")}`;
  };
}
