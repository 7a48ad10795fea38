import type { KnowledgeDocument } from "@/store/records.ts";
import type { KnowledgeStore, Passage } from "@/store/store.ts";
import { documentTerms, rankDocuments, stemsOf } from "@/store/knowledge_search.ts";
import { fromFields } from "@/store/mongodb/codec.ts";
import type { Database, Row } from "@/store/mongodb/database.ts";
import { putVersioned } from "@/store/mongodb/put_versioned.ts";
import { toRow, without } from "@/store/mongodb/rows.ts";

export class MongoKnowledge implements KnowledgeStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get #rows(): ReturnType<Database["rows"]> {
    return this.#db.rows("knowledge");
  }

  list(accountId: string): Promise<readonly KnowledgeDocument[]> {
    return this.#db.ask(async () =>
      (await this.#rows.find({ accountId }).sort({ title: 1, _id: 1 }).toArray()).map(toDocument)
    );
  }

  get(id: string): Promise<KnowledgeDocument | undefined> {
    return this.#db.ask(async () => {
      const row = await this.#rows.findOne({ _id: id });
      return row === null ? undefined : toDocument(row);
    });
  }

  put(document: KnowledgeDocument, expectedVer: number): Promise<"stored" | "conflict"> {
    const ver = expectedVer + 1;
    const row = toKnowledgeRow({ ...document, ver });
    return this.#db.ask(() => putVersioned(this.#rows, row, expectedVer));
  }

  remove(id: string): Promise<"removed" | "absent"> {
    return this.#db.ask(async () =>
      (await this.#rows.deleteOne({ _id: id })).deletedCount === 1 ? "removed" : "absent"
    );
  }

  search(
    { accountId, query, limit }: { accountId: string; query: string; limit: number },
  ): Promise<readonly Passage[]> {
    const stems = stemsOf(query);
    if (stems.length === 0) return Promise.resolve([]);
    return this.#db.ask(async () => {
      const terms = { $in: stems.map((stem) => new RegExp(`^${stem}`)) };
      const [rows, total] = await Promise.all([
        this.#rows.find({ accountId, terms }).toArray(),
        this.#rows.countDocuments({ accountId }),
      ]);
      return rankDocuments(rows.map(toDocument), { stems, total }).slice(0, limit);
    });
  }
}

export function toKnowledgeRow(document: KnowledgeDocument): Row {
  return { ...toRow(document), terms: documentTerms(document) };
}

function toDocument(row: Row): KnowledgeDocument {
  return { id: row._id, ...fromFields<Omit<KnowledgeDocument, "id">>(without(row, ["_id", "terms"])) };
}
