/** How rules look for words: whole words, blind to case and accents, in any script. */

/** Marks of accents, as they stand alone once a letter is taken apart. */
const accents = /[\u0300-\u036f]/g;

/** Zero-width and direction characters, the soft hyphen, and the variation selectors of emoji. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/g;

const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;

/** Scripts that put no space between words: there, a word's edge needs no border. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The text as it is compared: no case, no accents, one kind of apostrophe, single spaces. */
export function foldText(text: string): string {
  return text.normalize("NFKD").replace(accents, "").replace(invisible, "").toUpperCase().toLowerCase()
    .normalize("NFKD").replace(accents, "").replaceAll("ς", "σ").replace(/[‘’ʼ`´]/g, "'").replace(/\s+/g, " ")
    .trim().normalize("NFC");
}

/**
 * The first of `phrases` that stands in one of `texts` as whole words, as it was given; undefined when none
 * does. Case, accents and the punctuation around do not matter: `cuanto` is found in `¿CUÁNTO?`, not in
 * `cuantos`.
 */
export function mentions(texts: readonly string[], phrases: readonly string[]): string | undefined {
  const folded = texts.flatMap((text) => spellingsOf(foldText(text)));
  return phrases.find((phrase) => {
    const wanted = foldText(phrase);
    return folded.some((text) => hasPhrase(text, wanted));
  });
}

/**
 * The first of `phrases` that `text` consists of, as it was given: nothing else but punctuation and emoji may
 * stand beside its words; undefined when there is none.
 */
export function saysOnly(text: string, phrases: readonly string[]): string | undefined {
  const said = spellingsOf(foldText(text)).map(bareText).filter((words) => words !== "");
  return phrases.find((phrase) => said.includes(bareText(foldText(phrase))));
}

/**
 * The folded text, and, where letters are drawn out (`holaaa`, `cooool`), the text with each of those once, and twice:
 * no word of a language has three of a kind.
 */
export function spellingsOf(folded: string): readonly string[] {
  const drawnOut = /(\p{L})\1{2,}/gu;
  const once = folded.replace(drawnOut, "$1");
  return once === folded ? [folded] : [folded, once, folded.replace(drawnOut, "$1$1")];
}

/** Whether the folded `phrase` stands in the folded `text` with a border of a word on both sides. */
export function hasPhrase(text: string, phrase: string): boolean {
  if (phrase === "") return false;
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    if (isBorder(text, at) && isBorder(text, at + phrase.length)) return true;
  }
  return false;
}

/**
 * The words of a folded text, single-spaced, without anything else; of a text without words its signs, such
 * as emoji, whatever their skin colour. Empty for mere punctuation.
 */
export function bareText(folded: string): string {
  const words = folded.replace(/[^\p{L}\p{N}\p{M}_]+/gu, " ").trim();
  return words === "" ? folded.replace(/[\s\p{P}\p{Emoji_Modifier}]+/gu, "") : words;
}

/** Whether a word may begin or end at `index`: not where two letters or digits meet. */
function isBorder(text: string, index: number): boolean {
  const before = lastCharacter(text.slice(0, index));
  const after = firstCharacter(text.slice(index));
  if (!wordCharacter.test(before) || !wordCharacter.test(after)) return true;
  return unspaced.test(before) || unspaced.test(after);
}

function firstCharacter(text: string): string {
  const code = text.codePointAt(0);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function lastCharacter(text: string): string {
  const tail = text.slice(-2);
  return tail.codePointAt(0)! > 0xffff ? tail : text.slice(-1);
}
