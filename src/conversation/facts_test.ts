import assert from "node:assert/strict";
import fc from "fast-check";
import { isChanged } from "@/conversation/aggregate.ts";
import { type FactProposal, learnFacts } from "@/conversation/facts.ts";
import { after, Ledger, noon } from "@/conversation/testing.ts";

const email = (value: string, source: FactProposal["source"]): FactProposal => ({ field: "email", value, source });

function learned(...proposals: readonly FactProposal[]): Ledger["aggregate"]["contact"]["fields"] {
  return learnFacts(new Ledger().start(), proposals, [], noon).next.contact.fields;
}

Deno.test("learnFacts() keeps where a value came from and what it replaced", () => {
  const { email: fact } = learned(email("a@x.mx", "rule"), { ...email("b@x.mx", "agent"), messageId: "1:msg:m1" });
  assert.equal(fact?.value, "b@x.mx");
  assert.equal(fact?.source, "agent");
  assert.equal(fact?.messageId, "1:msg:m1");
  assert.equal(fact?.previous, "a@x.mx");
});

Deno.test("learnFacts() never overwrites what a person entered", () => {
  const source = fc.constantFrom<FactProposal["source"]>("instagram", "rule", "agent", "person");
  const proposal = fc.record({ field: fc.constantFrom("email", "name", "__proto__"), value: fc.string(), source });
  fc.assert(fc.property(fc.array(proposal), (proposals) => {
    const fields = learned(...proposals);
    for (const [field, fact] of Object.entries(fields)) {
      const lastByPerson = proposals.findLast((one) => one.field === field && one.source === "person");
      if (lastByPerson !== undefined) assert.deepEqual([fact.value, fact.source], [lastByPerson.value, "person"]);
    }
    assert.deepEqual(new Set(Object.keys(fields)), new Set(proposals.map(({ field }) => field)));
  }));
});

Deno.test("learnFacts() makes a value that a person confirms the person's", () => {
  const fields = learned(email("a@x.mx", "agent"), email("a@x.mx", "person"), email("b@x.mx", "agent"));
  assert.equal(fields.email?.value, "a@x.mx");
});

Deno.test("learnFacts() changes nothing when everything is known already", () => {
  const ledger = new Ledger();
  ledger.commit(learnFacts(ledger.start(), [email("a@x.mx", "agent")], ["vip"], noon));
  assert.ok(!isChanged(learnFacts(ledger.start(), [email("a@x.mx", "agent")], ["vip"], after(1))));
});

Deno.test("learnFacts() adds each tag once and keeps the others", () => {
  const ledger = new Ledger();
  ledger.commit(learnFacts(ledger.start(), [], ["vip"], noon));
  ledger.commit(learnFacts(ledger.start(), [], ["vip", "new", "new"], noon));
  assert.deepEqual(ledger.aggregate.contact.tags, ["vip", "new"]);
});
