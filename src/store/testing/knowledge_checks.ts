import assert from "node:assert/strict";
import type { KnowledgeDocument } from "@/store/records.ts";
import type { StoreCheck } from "@/store/testing/check.ts";
import { accountId, noon } from "@/store/testing/factories.ts";

function makeDocument(patch: Partial<KnowledgeDocument> & { readonly id: string }): KnowledgeDocument {
  const stamps = { createdAt: noon, updatedAt: noon, updatedBy: "ana" };
  return { accountId, title: patch.id, text: "", ver: 0, ...stamps, ...patch };
}

export const knowledgeChecks: readonly StoreCheck[] = [
  {
    promise: "knowledge.put() writes only onto the version that was read, and says when there is another",
    run: async ({ one, two }) => {
      const document = makeDocument({ id: "d1", title: "Hours", text: "open at 8" });
      assert.equal(await one.knowledge.put(document, 0), "stored");
      assert.equal(await two.knowledge.put(document, 0), "conflict");
      assert.deepEqual(await two.knowledge.get("d1"), { ...document, ver: 1 });
      assert.equal(await two.knowledge.put({ ...document, text: "open at 9" }, 1), "stored");
      assert.equal(await one.knowledge.put({ ...document, text: "open at 7" }, 1), "conflict");
      assert.equal((await one.knowledge.get("d1"))?.text, "open at 9");
      assert.deepEqual([await one.knowledge.remove("d1"), await two.knowledge.remove("d1")], ["removed", "absent"]);
      assert.equal(await one.knowledge.get("d1"), undefined);
    },
  },
  {
    promise:
      "knowledge.search() finds documents of the account by their words, best first, whatever the accents and endings",
    run: async ({ one, two }) => {
      const documents = [
        makeDocument({ id: "1", title: "Envíos", text: "Entregamos en Roma y Condesa." }),
        makeDocument({ id: "2", title: "Pagos", text: "Efectivo y tarjeta. Los envíos se pagan aparte." }),
        makeDocument({ id: "3", title: "Horario", text: "De 8 a 20." }),
        makeDocument({ id: "4", title: "Envíos", text: "de otra cuenta", accountId: "other" }),
      ];
      for (const document of documents) await one.knowledge.put(document, 0);
      const found = async (query: string, limit = 5): Promise<string[]> =>
        (await two.knowledge.search({ accountId, query, limit })).map(({ id }) => id);
      assert.deepEqual(await found("¿hacen ENVIO a la condesa?"), ["1", "2"]);
      assert.deepEqual(await found("tarjetas"), ["2"]);
      assert.deepEqual(await found("envios", 1), ["1"]);
      assert.deepEqual(await found("zapatos"), []);
      assert.deepEqual(await found('a? (" OR * -'), []);
      await one.knowledge.put({ ...documents[2]!, text: "Solo zapatos." }, 1);
      assert.deepEqual(await found("zapato"), ["3"]);
      assert.deepEqual((await two.knowledge.list(accountId)).map(({ id }) => id), ["1", "3", "2"]);
      await two.knowledge.remove("3");
      assert.deepEqual(await found("zapato"), []);
    },
  },
];
