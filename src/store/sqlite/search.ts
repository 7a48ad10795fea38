/** How a search is put to the database. */
import type { Message } from "@/store/records.ts";
import { searchTerms } from "@/store/search_terms.ts";
import type { Database, Params } from "@/store/sqlite/database.ts";
import { decode } from "@/store/sqlite/codec.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";
import { rowsPerConversation } from "@/store/sqlite/search_index.ts";

/** A condition on one conversation, in the columns of `conversations`. */
export interface Condition {
  readonly sql: string;
  readonly params: Params;
}

export interface Search {
  /** True of the conversations that hold all words in one text; looks up every text that does. For rare words. */
  readonly among: Condition;
  /** The same of a conversation that is called `near`, and looks into that alone. For words that many hold. */
  readonly within: Condition;
  /** Gives `k`, numbers of the texts of conversation `:n` that hold all words. */
  readonly texts: Condition;
}

/** Above every letter. */
const lastSign = "\u{10FFFF}";

/** Words of the vocabulary that one beginning stands for, at most; the index counts more together. */
const maxWords = 64;

/** Undefined when `q` has no word. */
export function toSearch(db: Database, q: string): Search | undefined {
  const beginnings = [...new Set(searchTerms(q))];
  if (beginnings.length === 0) return undefined;
  const words = beginnings.map((beginning) => wordsWith(db, beginning));
  if (words.some(({ length }) => length === 0)) return { among: never, within: never, texts: never };
  const match = beginnings.map((beginning, index) => toMatch(beginning, words[index])).join(" AND ");
  return {
    among: {
      sql: `n IN (SELECT rowid / ${rowsPerConversation} FROM search WHERE search MATCH :match)`,
      params: { match },
    },
    ...toWithin(beginnings),
  };
}

const never: Condition = { sql: "0", params: {} };

/** One more than `maxWords` at most. */
function wordsWith(db: Database, beginning: string): string[] {
  return db.all<{ term: string }>(
    "SELECT term FROM vocabulary WHERE term >= :beginning AND term < :end LIMIT :limit",
    { beginning, end: beginning + lastSign, limit: maxWords + 1 },
  ).map(({ term }) => term);
}

/** The index is far quicker with whole words than with a beginning, for which it copies every list together. */
function toMatch(beginning: string, words: readonly string[]): string {
  if (words.length > maxWords) return `"${beginning}"*`;
  return `(${words.map((word) => `"${word}"`).join(" OR ")})`;
}

function toWithin(beginnings: readonly string[]): Pick<Search, "within" | "texts"> {
  const textsOf = (conversation: string): string =>
    beginnings.map((_, index) =>
      `SELECT k FROM words WHERE n = ${conversation} AND term >= :w${index} AND term < :e${index}`
    ).join(" INTERSECT ");
  const params = Object.fromEntries(
    beginnings.flatMap((word, index) => [[`w${index}`, word], [`e${index}`, word + lastSign]]),
  );
  return { within: { sql: `EXISTS (${textsOf("near.n")})`, params }, texts: { sql: textsOf(":n"), params } };
}

/** The message written last of a conversation's that the search finds; undefined when it finds the contact alone. */
export function findMessage(db: Database, { texts }: Search, n: number): Message | undefined {
  const found = db.one<{ k: number | null }>(`SELECT max(k) AS k FROM (${texts.sql})`, { ...texts.params, n });
  if (!found?.k) return undefined;
  const row = db.one<DataRow>("SELECT data FROM messages WHERE n = :row", { row: n * rowsPerConversation + found.k });
  return row && decode<Message>(row.data);
}
