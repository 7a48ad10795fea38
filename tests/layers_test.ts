import assert from "node:assert/strict";

/** Stages in the order a message travels; each may import only those after it. */
const stages = ["webhook", "ingest", "debounce", "rules", "agent", "outbound", "instagram"];

/** What everything may import. */
const ground = [
  "conversation",
  "store/store.ts",
  "store/records.ts",
  "store/search_terms.ts",
  "store/sandbox_mark.ts",
  "config.ts",
  "sandbox_place.ts",
  "clock.ts",
  "log.ts",
  "log_error.ts",
  "metrics.ts",
  "worker.ts",
  "seal.ts",
];

/** Parts that may import any stage, because they show it or pretend it. */
const surfaces = ["backoffice", "api", "simulator"];

interface Import {
  readonly from: string;
  readonly to: string;
}

async function readImports(): Promise<readonly Import[]> {
  const imports: Import[] = [];
  for (const folder of ["src", "views", "rules"]) {
    for await (const file of filesUnder(folder)) {
      const text = await Deno.readTextFile(file);
      for (const [, specifier] of text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
        imports.push({ from: file, to: target(specifier ?? "", file) });
      }
    }
  }
  return imports;
}

async function* filesUnder(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* filesUnder(path);
    if (entry.isFile && path.endsWith(".ts") && !path.endsWith("_test.ts") && !path.includes("/testing")) yield path;
  }
}

function target(specifier: string, from: string): string {
  if (specifier.startsWith(".")) return new URL(specifier, `file:///${from}`).pathname.slice(1);
  return specifier.replace(/^@\//, "src/").replace(/^@views\//, "views/").replace(
    /^moca\/rule$/,
    "src/rules/contract.ts",
  );
}

function part(path: string): string {
  return path.replace(/^src\//, "").split("/")[0] ?? "";
}

function isGround(path: string): boolean {
  return ground.some((allowed) => path === `src/${allowed}` || path.startsWith(`src/${allowed}/`));
}

const imports = await readImports();

Deno.test("a stage imports only stages after it and the ground floor", () => {
  const wrong = imports.filter(({ from, to }) => {
    const fromStage = stages.indexOf(part(from));
    if (!from.startsWith("src/") || fromStage < 0 || !to.startsWith("src/") || isGround(to)) return false;
    return stages.indexOf(part(to)) < fromStage;
  });
  assert.deepEqual(wrong, []);
});

Deno.test("the ground floor imports nothing above it", () => {
  const wrong = imports.filter(({ from, to }) => isGround(from) && to.startsWith("src/") && !isGround(to));
  assert.deepEqual(wrong, []);
});

Deno.test("the functional core imports only itself, the records and zod", () => {
  const wrong = imports.filter(({ from, to }) =>
    from.startsWith("src/conversation/") &&
    !to.startsWith("src/conversation/") && to !== "src/store/records.ts" && to !== "zod"
  );
  assert.deepEqual(wrong, []);
});

Deno.test("the functional core neither awaits nor reads a clock", async () => {
  for await (const file of filesUnder("src/conversation")) {
    const code = (await Deno.readTextFile(file)).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, /\bawait\b|\basync\b|Date\.now|new Date\(\)|Math\.random|crypto\./, file);
  }
});

Deno.test("stores know no stage, and only the composition root knows an adapter", () => {
  const storeWrong = imports.filter(({ from, to }) =>
    from.startsWith("src/store/") && to.startsWith("src/") && !to.startsWith("src/store/") && !isGround(to)
  );
  const adapterUsers = imports.filter(({ from, to }) =>
    /^src\/store\/(sqlite|mongodb)\//.test(to) && !from.startsWith("src/store/") &&
    !["src/main.ts", "src/backup.ts", "src/doctor.ts"].includes(from)
  );
  assert.deepEqual([...storeWrong, ...adapterUsers], []);
});

Deno.test("pages import no store and no stage, only plain data", () => {
  const wrong = imports.filter(({ from, to }) =>
    from.startsWith("views/") && to.startsWith("src/") && to !== "src/store/records.ts" &&
    !to.startsWith("src/conversation/") && to !== "src/rules/contract.ts"
  );
  assert.deepEqual(wrong, []);
});

Deno.test("rule files import only moca/rule", () => {
  const wrong = imports.filter(({ from, to }) => from.startsWith("rules/") && to !== "src/rules/contract.ts");
  assert.deepEqual(wrong, []);
});

Deno.test("only the instagram folder and its pretence know the Graph API's words", async () => {
  for await (const file of filesUnder("src")) {
    if ([...surfaces, "instagram"].includes(part(file))) continue;
    const code = (await Deno.readTextFile(file)).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, /error_subcode|is_echo|fbtrace_id|\bigsid\b/, file);
  }
});

/** Files that are loaded with this one, itself included; what is imported as a type only is not loaded. */
async function loadedWith(file: string, seen: Set<string> = new Set()): Promise<ReadonlySet<string>> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = await Deno.readTextFile(file);
  const found = [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)";/gm)];
  for (const [, specifier = ""] of found) {
    const path = target(specifier, file);
    if (path.startsWith("src/")) await loadedWith(path, seen);
  }
  return seen;
}

Deno.test("what rule files load lies where a running Moca may read it for them", async () => {
  const loaded = await loadedWith("src/rules/contract.ts");
  assert.ok(loaded.size > 5);
  assert.deepEqual([...loaded].filter((path) => !/^src\/(rules|conversation)\//.test(path)), []);
});
