/**
 * `deno task doctor`: looks at the configuration and at what it leads to, and says in one line each what is well,
 * what somebody should look at and what does not work, with the cure. Ends with 1 when there is a problem. It
 * changes nothing, runs beside a running Moca, and shows no secret.
 */
import { listBackups } from "@/backup.ts";
import { type Clock, systemClock } from "@/clock.ts";
import type { Config, Environment } from "@/config.ts";
import { examineAccounts } from "@/doctor/examine_accounts.ts";
import { checkBackups, checkSqlite } from "@/doctor/check_data.ts";
import { checkDataDir } from "@/doctor/check_data_dir.ts";
import { checkModel, checkWebhook } from "@/doctor/check_reach.ts";
import { checkRules } from "@/doctor/check_rules.ts";
import { checkEnvironment } from "@/doctor/check_settings.ts";
import { type Finding, lineOf, ok, problem, warning } from "@/doctor/finding.ts";
import { readEnvironment } from "@/env_file.ts";
import { environmentNames } from "@/permissions.ts";
import { openRuleBook } from "@/rules/rule_book.ts";
import type { Account } from "@/store/records.ts";
import { inspectSqlite } from "@/store/sqlite/inspect.ts";
import { StoreUnavailableError } from "@/store/store.ts";

/** Looks at everything, in the order in which it has to be put right. */
export async function examine(env: Environment, clock: Clock = systemClock): Promise<readonly Finding[]> {
  const { config, findings } = checkEnvironment(env);
  if (config === undefined) return findings;
  const stored = config.mongodbUri === undefined
    ? await examineDataDir(config, clock.now())
    : await examineMongo(config.mongodbUri);
  return [
    ...findings,
    ...stored.findings,
    ...checkMixture(config, stored),
    ...await examineRules(config, clock),
    ...await examineAccounts(config, stored.accounts, clock),
    ...await checkWebhook(config),
    await checkModel(config),
  ];
}

interface Stored {
  readonly findings: readonly Finding[];
  readonly accounts: readonly Account[];
  readonly isSandboxes?: boolean;
}

/** The start refuses what this finds. */
function checkMixture({ mode, simulated }: Config, { isSandboxes = false, accounts }: Stored): readonly Finding[] {
  const isLives = simulated && accounts.length > 0 && !isSandboxes;
  if (!isLives && (mode === "sandbox" || !isSandboxes)) return [];
  const cure = "Name another place with MOCA_DATA_DIR or MONGODB_URI, or move what is there away";
  return [problem("database", `it holds a ${isLives ? "live Moca" : "sandbox"}'s conversations`, cure)];
}

async function examineDataDir({ dataDir }: Config, now: Date): Promise<Stored> {
  const findings = await checkDataDir(dataDir);
  if (findings.some(({ level }) => level === "problem")) return { findings, accounts: [] };
  const path = `${dataDir}/moca.db`;
  if (!await isThere(path)) {
    return { findings: [...findings, ok("database", "not there yet, the first start makes it")], accounts: [] };
  }
  const file = inspectSqlite(path);
  const copies = checkBackups(await listBackups(dataDir), now);
  return {
    findings: [...findings, ...checkSqlite(file), copies],
    accounts: file.accounts,
    isSandboxes: file.isSandboxes,
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function examineMongo(uri: string): Promise<Stored> {
  const subject = "database";
  try {
    const { inspectMongo } = await import("@/store/mongodb/inspect.ts");
    const { server: { kind, version }, ...stored } = await inspectMongo(uri);
    const found = `MongoDB ${version}, ${kind}`;
    const finding = kind === "single"
      ? warning(subject, found, "One copy of the data: use a replica set of three, or back it up often")
      : ok(subject, found);
    return { findings: [finding], ...stored };
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    const cure = "Check MONGODB_URI, its user and password, and that this machine may call the server";
    return { findings: [problem(subject, "MongoDB does not answer", cure)], accounts: [] };
  }
}

async function examineRules({ rulesDir }: Config, clock: Clock): Promise<readonly Finding[]> {
  await using book = await openRuleBook({ dir: rulesDir, clock });
  return checkRules(book.state(), rulesDir);
}

async function main(): Promise<void> {
  const findings = await examine(readEnvironment(environmentNames));
  const problems = findings.filter(({ level }) => level === "problem").length;
  const end = problems === 0 ? "No problem found" : `${problems} problem(s) found`;
  const text = [...findings.map(lineOf), end].map((line) => `${line}\n`).join("");
  await Deno.stdout.write(new TextEncoder().encode(text));
  if (problems > 0) Deno.exit(1);
}

if (import.meta.main) await main();
