import type { KnowledgeStore, Passage } from "@/store/store.ts";

/** What the agent may look up about the business at hand. */
export interface KnowledgePort {
  /** Of all documents, in order. */
  readonly titles: readonly string[];
  /** What the documents say on the query, best first. */
  search(query: string): Promise<readonly Passage[]>;
}

/** An agent without documents. */
export const noKnowledge: KnowledgePort = { titles: [], search: () => Promise.resolve([]) };

/** Documents that one search looks at, at most. */
const searchLimit = 5;

/** The account's own documents, and nobody else's. */
export async function knowledgeOf(
  accountId: string,
  store: Pick<KnowledgeStore, "list" | "search">,
): Promise<KnowledgePort> {
  const documents = await store.list(accountId);
  return {
    titles: documents.map(({ title }) => title),
    search: (query) => store.search({ accountId, query, limit: searchLimit }),
  };
}
