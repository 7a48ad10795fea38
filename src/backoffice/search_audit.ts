import type { AuditEntry } from "@/store/records.ts";
import { searchTerms } from "@/store/search_terms.ts";
import type { AuditQuery, AuditStore } from "@/store/store.ts";

/** Entries that one search reads at most; it goes on from there when asked for more. */
const maxRead = 5_000;
const readAtOnce = 500;

/** Some entries, newest first, and from where more can be looked for. */
export interface FoundEntries {
  readonly items: readonly AuditEntry[];
  readonly nextCursor?: string;
}

export interface AuditSearch extends AuditQuery {
  readonly text: string;
  /** What the reader is shown of an entry, in their words. */
  readonly wordsOf: (entry: AuditEntry) => string;
}

/**
 * Entries that hold every word of the text, as a beginning, in whatever they say: person, action, object, what was
 * before and after, as it is kept and as it is shown. The log has no index of words; reading it is quick, and nobody
 * does it often.
 */
export async function searchAudit(
  audit: Pick<AuditStore, "page">,
  { text, wordsOf, limit, ...query }: AuditSearch,
): Promise<FoundEntries> {
  const wanted = searchTerms(text);
  if (wanted.length === 0) return await audit.page({ ...query, limit });
  const items: AuditEntry[] = [];
  let { cursor } = query;
  for (let read = 0; read < maxRead; read += readAtOnce) {
    const page = await audit.page({ ...query, cursor, limit: readAtOnce });
    for (const [place, entry] of page.items.entries()) {
      if (!holds(entry, wordsOf, wanted)) continue;
      items.push(entry);
      if (items.length < limit) continue;
      const { nextCursor } = await audit.page({ ...query, cursor, limit: place + 1 });
      return { items, nextCursor };
    }
    cursor = page.nextCursor;
    if (cursor === undefined) return { items };
  }
  return { items, nextCursor: cursor };
}

/** The shown words take the most work by far: they are made only when the kept ones do not hold all. */
function holds(entry: AuditEntry, wordsOf: AuditSearch["wordsOf"], wanted: readonly string[]): boolean {
  const { actor, action, object, changes } = entry;
  const missing = missingOf(wanted, `${actor} ${action} ${object} ${JSON.stringify(changes)}`);
  return missing.length === 0 || missingOf(missing, wordsOf(entry)).length === 0;
}

/** The terms with which no word of the text begins. */
function missingOf(terms: readonly string[], text: string): readonly string[] {
  const words = searchTerms(text);
  return terms.filter((term) => !words.some((word) => word.startsWith(term)));
}
