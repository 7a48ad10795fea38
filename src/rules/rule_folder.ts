import { createHash } from "node:crypto";

/** Bytes of a rule file; a longer one is a mistake. */
const maxFileBytes = 1_000_000;

/** Characters of a file that is pasted to be tried. */
export const maxPastedLength = 200_000;

/** Files read at the same time. */
const batchSize = 64;

/** One rule file as it lies in the folder, or why it cannot be read. */
export type FolderFile =
  | { readonly name: string; readonly kind: "read"; readonly text: string; readonly hash: string }
  | { readonly name: string; readonly kind: "unreadable"; readonly why: string };

/**
 * Reads the folder's rule files, in order of their names by code point. Folders, hidden files, tests
 * (`*_test.ts`) and everything that is neither `.ts` nor `.yaml` or `.yml` is passed over. A file that goes
 * away meanwhile is left out. Rejects when the folder itself cannot be read.
 */
export async function readRuleFolder(dir: string): Promise<readonly FolderFile[]> {
  const names = await ruleFileNames(dir);
  const files: (FolderFile | undefined)[] = [];
  for (let start = 0; start < names.length; start += batchSize) {
    const batch = names.slice(start, start + batchSize);
    files.push(...await Promise.all(batch.map((name) => readRuleFile(dir, name))));
  }
  return files.filter((file) => file !== undefined);
}

/**
 * What tells, without reading the files, that something in the folder may have changed; `undefined` when the
 * folder cannot be read.
 */
export async function folderFingerprint(dir: string): Promise<string | undefined> {
  try {
    const names = await ruleFileNames(dir);
    const { ino } = await Deno.stat(dir);
    const stats: string[] = [];
    for (let start = 0; start < names.length; start += batchSize) {
      stats.push(...await Promise.all(names.slice(start, start + batchSize).map((name) => fileFingerprint(dir, name))));
    }
    return [String(ino), ...stats].join("\n");
  } catch {
    return undefined;
  }
}

/** Whether a file of this name is a rule file. */
export function isRuleFileName(name: string): boolean {
  return /^[^.].*\.(ts|yaml|yml)$/.test(name) && !/(_test|\.d)\.ts$/.test(name);
}

/** What tells two contents apart. */
export function hashOf(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Whether a keyword file may be tried under this name. Code that is pasted never runs. */
export function isPastedFileName(name: string): boolean {
  return /^[\w][\w.-]*\.(yaml|yml)$/.test(name) && isRuleFileName(name);
}

async function ruleFileNames(dir: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    if (!isDirectory && isRuleFileName(name)) names.push(name);
  }
  return names.sort(byCodePoint);
}

/** The order in which files are asked. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 ? left.length - right.length : left[at] - (right[at] ?? -1);
}

async function readRuleFile(dir: string, name: string): Promise<FolderFile | undefined> {
  try {
    const { isFile, isDirectory, size } = await Deno.stat(`${dir}/${name}`);
    if (isDirectory) return undefined;
    // Reading a pipe or a device might never end.
    if (!isFile) return { name, kind: "unreadable", why: "it is not an ordinary file" };
    if (size > maxFileBytes) return { name, kind: "unreadable", why: `it is longer than ${maxFileBytes} bytes` };
    const bytes = await Deno.readFile(`${dir}/${name}`);
    return { name, kind: "read", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), hash: hashOf(bytes) };
  } catch (error) {
    return await unreadable(dir, name, error);
  }
}

/** A link that leads nowhere is a mistake worth telling; a file that went away is none. */
async function unreadable(dir: string, name: string, error: unknown): Promise<FolderFile | undefined> {
  const isThere = await Deno.lstat(`${dir}/${name}`).then(() => true, () => false);
  if (!isThere) return undefined;
  if (error instanceof Deno.errors.NotFound) {
    return { name, kind: "unreadable", why: "it is a link that leads nowhere" };
  }
  if (error instanceof TypeError) return { name, kind: "unreadable", why: "it is not UTF-8 text" };
  const why = error instanceof Error ? error.name : "unknown";
  return { name, kind: "unreadable", why: `it cannot be read (${why})` };
}

async function fileFingerprint(dir: string, name: string): Promise<string> {
  const { mtime, ctime, size, ino } = await Deno.stat(`${dir}/${name}`).catch(() => ({
    mtime: null,
    ctime: null,
    size: -1,
    ino: -1,
  }));
  return [name, mtime?.getTime(), ctime?.getTime(), size, ino].join("|");
}
