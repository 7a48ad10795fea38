import assert from "node:assert/strict";
import fc from "fast-check";
import { html, renderFragment } from "@views/html.ts";
import { isWebAddress, linkedText, visible } from "@views/parts/linked_text.ts";

function rendered(text: string): string {
  return renderFragment(html`<p>${linkedText(text)}</p>`);
}

Deno.test("linkedText() links web addresses only, and sends no referrer along", () => {
  const out = rendered(
    "see https://example.com/a?b=1&c=2 and mailto:a@b.example, ftp://x.example, javascript:alert(1)",
  );
  assert.equal([...out.matchAll(/<a /g)].length, 1);
  assert.match(
    out,
    /<a href="https:\/\/example\.com\/a\?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">/,
  );
});

Deno.test("linkedText() keeps what people wrote as text (C28)", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const out = rendered(`<img src=x onerror=alert(1)>${text}`);
    const tags = [...out.matchAll(/<(\/?\w+)/g)].map(([, tag]) => tag);
    assert.ok(tags.every((tag) => ["p", "/p", "a", "/a"].includes(tag!)), out);
  }));
});

Deno.test("visible() spells out what would turn the direction of the text", () => {
  assert.equal(visible("photo\u202Egpj.exe"), "photo[U+202E]gpj.exe");
  assert.equal(visible("a\u2066b\u2069"), "a[U+2066]b[U+2069]");
});

Deno.test("isWebAddress() takes http and https and nothing else", () => {
  for (const url of ["http://a.example", "https://a.example/x"]) assert.ok(isWebAddress(url));
  for (const url of ["javascript:alert(1)", "data:text/html,x", "//a.example", "JaVaScRiPt:x", ""]) {
    assert.ok(!isWebAddress(url), url);
  }
});
