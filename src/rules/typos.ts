/** Words with a slip of the finger: a letter too many, one too few, a wrong one, or two that changed places. */

/**
 * What stands in the folded `text` for the folded `phrase`, each word of it right or with a slip: from 5 letters
 * one, from 9 two; shorter words must be right. Undefined when nothing does.
 */
export function findNearly(text: string, phrase: string): string | undefined {
  const said = wordsOf(text);
  const wanted = wordsOf(phrase);
  if (wanted.length === 0) return undefined;
  for (let start = 0; start + wanted.length <= said.length; start += 1) {
    if (wanted.every((word, index) => isNearly(said[start + index], word))) {
      return said.slice(start, start + wanted.length).join(" ");
    }
  }
  return undefined;
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}_']+/gu) ?? [];
}

function isNearly(said: string, wanted: string): boolean {
  return said === wanted || slipsBetween(said, wanted, slipsAllowed(wanted)) <= slipsAllowed(wanted);
}

function slipsAllowed(word: string): number {
  if (word.length < 5 || /\p{N}/u.test(word)) return 0;
  return word.length < 9 ? 1 : 2;
}

/** The slips from one word to the other (optimal string alignment); more than `limit` once that is certain. */
function slipsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || limit === 0) return limit + 1;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let at = 1; at <= a.length; at += 1) {
    const next = [at];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[at - 1] === b[column - 1];
      const isSwap = at > 1 && column > 1 && a[at - 1] === b[column - 2] && a[at - 2] === b[column - 1];
      const cheapest = Math.min(row[column] + 1, next[column - 1] + 1, row[column - 1] + (isSame ? 0 : 1));
      next.push(isSwap ? Math.min(cheapest, before[column - 2] + 1) : cheapest);
    }
    if (Math.min(...next) > limit) return limit + 1;
    before = row;
    row = next;
  }
  return row[b.length];
}
