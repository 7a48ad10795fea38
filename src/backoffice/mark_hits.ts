/** Finds in a text what the search found in it. */
import { searchTerms } from "@/store/search_terms.ts";
import type { Piece } from "@views/parts/conversation_row.ts";

/** So much is shown before the first hit, and in all, in UTF-16 units. */
const before = 24;
const shown = 200;

/** The text around its first hit, with each word marked that begins like one of the query's; empty without a hit. */
export function markHits(text: string, q: string): readonly Piece[] {
  const wanted = searchTerms(q);
  const pieces = text.replaceAll(/\s+/gu, " ").split(/([\p{L}\p{N}\p{M}]+)/u).map((piece) => ({
    text: piece,
    isHit: searchTerms(piece).some((term) => wanted.some((beginning) => term.startsWith(beginning))),
  }));
  const first = pieces.findIndex(({ isHit }) => isHit);
  return first < 0 ? [] : merge(around(pieces, first));
}

/** Whole words only, so that no letter is cut in two. */
function around(pieces: readonly Piece[], first: number): readonly Piece[] {
  let [start, end] = [first, first];
  for (let length = 0; start > 0 && length < before; length += pieces[start].text.length) start -= 1;
  for (let length = 0; end < pieces.length && length < shown; end += 1) length += pieces[end].text.length;
  const cut = pieces.slice(start, end);
  return start === 0 ? cut : [{ text: "…", isHit: false }, ...cut];
}

function merge(pieces: readonly Piece[]): readonly Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last !== undefined && last.isHit === piece.isHit) {
      merged[merged.length - 1] = { ...last, text: last.text + piece.text };
    } else if (piece.text !== "") merged.push(piece);
  }
  return merged;
}
