import assert from "node:assert/strict";
import { isAllowedLink, linksIn } from "@/agent/links.ts";

Deno.test("linksIn() finds links with and without a scheme, addresses and numbers of hosts", () => {
  const text = "https://a.example/x, b.com/y; c.shop www.d.io ana@e.org //f.com/z 10.0.0.1/a http://g.whatever";
  assert.deepEqual(linksIn(text), [
    "https://a.example/x",
    "http://b.com/y",
    "http://c.shop",
    "http://www.d.io",
    "mailto:ana@e.org",
    "https://f.com/z",
    "http://10.0.0.1/a",
    "http://g.whatever",
  ]);
});

Deno.test("linksIn() leaves prices, times and missing spaces alone", () => {
  assert.deepEqual(linksIn("$20.50 from 9.30 to 18.00. Hello.How are you? v1.2.3 @moca_cafe"), []);
});

const allowed = ["https://moca.example", "https://wa.me/5215555", "mailto:hi@moca.example"];

const judged: readonly (readonly [link: string, isAllowed: boolean])[] = [
  ["https://moca.example/menu?day=1", true],
  ["http://www.moca.example/", true],
  ["https://wa.me/5215555?text=hi", true],
  ["mailto:HI@moca.example", true],
  ["https://wa.me/52155556", false],
  ["https://wa.me/666", false],
  ["https://moca.example.evil.com", false],
  ["https://evil.com/moca.example", false],
  ["https://evilmoca.example", false],
  ["https://moca.example@evil.com", false],
  ["https://user@moca.example", false],
  ["https://moca.example:8443", false],
  ["mailto:evil@moca.example", false],
  ["ftp://moca.example", false],
  ["javascript:alert(1)", false],
];

for (const [link, isAllowed] of judged) {
  Deno.test(`isAllowedLink() ${isAllowed ? "allows" : "refuses"} ${link}`, () => {
    assert.equal(isAllowedLink(link, allowed), isAllowed);
  });
}
