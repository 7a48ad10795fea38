/** How documents are found by words: the same on both stores, which only narrow down what is looked at. */
import type { KnowledgeDocument } from "@/store/records.ts";
import type { Passage } from "@/store/store.ts";
import { searchTerms } from "@/store/search_terms.ts";

/** Shorter words tell nothing. */
const shortestWord = 3;

/** Words that stand in any question and any text: they tell no document from another. */
const commonWords: ReadonlySet<string> = new Set(
  ("the and you your for with what how much many does have has can could this that would like when where which please " +
    "are was not but from they will there about any want need get que por para con una unos unas los las del como cuanto " +
    "cuanta tienen tiene tengo puedo puede pueden quiero hola gracias pero muy mas sus hay cuando donde cual porque " +
    "tambien desde hasta esta este eso ustedes hacen hace uma voces voce quanto quanta posso quero nao").split(" "),
);

/** Words of a query that are looked at. */
const maxWords = 20;

/** Letters by which a word may end differently: `envío` finds `envíos`, `deliver` finds `delivery`. */
const looseEnd = 2;

/** What a word of a document must begin with, for each word of the query; each once. */
export function stemsOf(query: string): readonly string[] {
  const words = searchTerms(query).filter((word) => [...word].length >= shortestWord && !commonWords.has(word));
  return [...new Set(words.slice(0, maxWords).map(stemOf))];
}

function stemOf(word: string): string {
  const letters = [...word];
  return letters.slice(0, Math.max(4, letters.length - looseEnd)).join("");
}

/** All words of a document, each once. */
export function documentTerms({ title, text }: Pick<KnowledgeDocument, "title" | "text">): readonly string[] {
  return [...new Set(searchTerms(`${title} ${text}`))];
}

/**
 * Those of the documents that hold one of the stems, best first: a stem that few of the `total` documents hold
 * weighs more, one in the title twice as much.
 */
export function rankDocuments(
  documents: readonly KnowledgeDocument[],
  { stems, total }: { readonly stems: readonly string[]; readonly total: number },
): readonly Passage[] {
  const looked = documents.map((document) => ({
    document,
    title: stems.filter((stem) => begins(searchTerms(document.title), stem)),
    all: stems.filter((stem) => begins(documentTerms(document), stem)),
  }));
  const weight = (stem: string): number => Math.log(1 + total / looked.filter(({ all }) => all.includes(stem)).length);
  const sum = (list: readonly string[]): number => list.reduce((score, stem) => score + weight(stem), 0);
  return looked.map(({ document, title, all }) => ({ document, score: sum(all) + sum(title) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.document.title < b.document.title ? -1 : 1))
    .map(({ document: { id, title, text } }) => ({ id, title, text: passageOf(text, stems) }));
}

function begins(words: readonly string[], stem: string): boolean {
  return words.some((word) => word.startsWith(stem));
}

/** The most that a search gives of one document, in UTF-16 units. */
const maxPassage = 1_500;

/** Of a long document those paragraphs that hold most of the query's words, in their order. */
function passageOf(text: string, stems: readonly string[]): string {
  if (text.length <= maxPassage) return text.trim();
  const ranked = text.split(/\n\s*\n|\n/).filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph, index) => ({ paragraph: paragraph.slice(0, maxPassage), index, hits: hitsIn(paragraph, stems) }))
    .toSorted((a, b) => b.hits - a.hits || a.index - b.index);
  let left = maxPassage;
  const kept = ranked.filter(({ paragraph }) => (left -= paragraph.length + 1) >= -1);
  return kept.toSorted((a, b) => a.index - b.index).map(({ paragraph }) => paragraph).join("\n").trim();
}

function hitsIn(paragraph: string, stems: readonly string[]): number {
  const words = searchTerms(paragraph);
  return stems.filter((stem) => words.some((word) => word.startsWith(stem))).length;
}
