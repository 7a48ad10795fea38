import type { KnowledgeDocument } from "@/store/records.ts";
import type { KnowledgeStore, Passage } from "@/store/store.ts";
import { documentTerms, rankDocuments, stemsOf } from "@/store/knowledge_search.ts";
import { decode, encode } from "@/store/sqlite/codec.ts";
import type { Database } from "@/store/sqlite/database.ts";
import type { DataRow } from "@/store/sqlite/rows.ts";

export class SqliteKnowledge implements KnowledgeStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(accountId: string): Promise<readonly KnowledgeDocument[]> {
    return this.#db.ask(() =>
      this.#db.all<DataRow>("SELECT data FROM knowledge WHERE account_id = :accountId ORDER BY title, id", {
        accountId,
      }).map(toDocument)
    );
  }

  get(id: string): Promise<KnowledgeDocument | undefined> {
    return this.#db.ask(() => {
      const row = this.#db.one<DataRow>("SELECT data FROM knowledge WHERE id = :id", { id });
      return row && toDocument(row);
    });
  }

  put(document: KnowledgeDocument, expectedVer: number): Promise<"stored" | "conflict"> {
    return this.#db.transact(() => {
      const stored = this.#db.one<{ ver: number }>("SELECT ver FROM knowledge WHERE id = :id", { id: document.id });
      if ((stored?.ver ?? 0) !== expectedVer) return "conflict";
      writeDocument(this.#db, { ...document, ver: expectedVer + 1 });
      return "stored";
    });
  }

  remove(id: string): Promise<"removed" | "absent"> {
    return this.#db.transact(() => {
      const row = this.#db.one<{ n: number }>("SELECT n FROM knowledge WHERE id = :id", { id });
      if (row === undefined) return "absent";
      this.#db.run("DELETE FROM search_knowledge WHERE rowid = :n", { n: row.n });
      this.#db.run("DELETE FROM knowledge WHERE n = :n", { n: row.n });
      return "removed";
    });
  }

  search(
    { accountId, query, limit }: { accountId: string; query: string; limit: number },
  ): Promise<readonly Passage[]> {
    const stems = stemsOf(query);
    if (stems.length === 0) return Promise.resolve([]);
    return this.#db.ask(() => {
      const found = this.#db.all<DataRow>(
        `SELECT data FROM knowledge WHERE account_id = :accountId
         AND n IN (SELECT rowid FROM search_knowledge WHERE search_knowledge MATCH :match)`,
        { accountId, match: stems.map((stem) => `"${stem}"*`).join(" OR ") },
      ).map(toDocument);
      return rankDocuments(found, { stems, total: this.#count(accountId) }).slice(0, limit);
    });
  }

  #count(accountId: string): number {
    const sql = "SELECT count(*) AS count FROM knowledge WHERE account_id = :accountId";
    return this.#db.one<{ count: number }>(sql, { accountId })?.count ?? 0;
  }
}

/** Writes the document as it is and makes it findable, inside the caller's transaction. */
export function writeDocument(db: Database, document: KnowledgeDocument): void {
  const { id, accountId, title, ver } = document;
  const row = db.one<{ n: number }>(
    `INSERT INTO knowledge (id, account_id, title, ver, data) VALUES (:id, :accountId, :title, :ver, :data)
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, ver = excluded.ver, data = excluded.data RETURNING n`,
    { id, accountId, title, ver, data: encode(document) },
  );
  const n = row?.n ?? 0;
  db.run("DELETE FROM search_knowledge WHERE rowid = :n", { n });
  const terms = documentTerms(document).join(" ");
  db.run("INSERT INTO search_knowledge (rowid, terms) VALUES (:n, :terms)", { n, terms });
}

function toDocument({ data }: DataRow): KnowledgeDocument {
  return decode<KnowledgeDocument>(data);
}
