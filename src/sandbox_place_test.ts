import assert from "node:assert/strict";
import { sandboxFolder, sandboxUri } from "@/sandbox_place.ts";

Deno.test("sandboxFolder() is a folder of its own within the data folder", () => {
  assert.equal(sandboxFolder("./data"), "./data/sandbox");
  assert.equal(sandboxFolder("/srv/moca/"), "/srv/moca/sandbox");
});

Deno.test("sandboxUri() names a database of its own, and asks the same one for the password", () => {
  const places = {
    "mongodb://127.0.0.1:27017": "mongodb://127.0.0.1:27017/moca_sandbox",
    "mongodb://a:1,b:2/": "mongodb://a:1,b:2/moca_sandbox",
    "mongodb://a,b/shop?replicaSet=rs0": "mongodb://a,b/shop_sandbox?replicaSet=rs0",
    "mongodb://ana:secret@a/shop": "mongodb://ana:secret@a/shop_sandbox?authSource=shop",
    "mongodb://ana:secret@a/?tls=true": "mongodb://ana:secret@a/moca_sandbox?tls=true&authSource=admin",
    "mongodb+srv://ana:secret@a/shop?authSource=admin": "mongodb+srv://ana:secret@a/shop_sandbox?authSource=admin",
  };
  for (const [uri, place] of Object.entries(places)) assert.equal(sandboxUri(uri), place);
});
