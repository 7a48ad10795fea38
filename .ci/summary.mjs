// Reads the test report and prints the closing line. Fails when a test failed, was skipped, or too few ran.
import { readFileSync } from "node:fs";
import process from "node:process";

/** Fewer tests than this mean that files were not found, not that they passed. */
const leastTests = 200;

const [path, status] = process.argv.slice(2);
const report = readFileSync(path, "utf8");
const suites = [...report.matchAll(/<testsuite [^>]*>/g)].map(([tag]) => tag);
const sum = (name) =>
  suites.reduce((total, tag) => total + Number(new RegExp(`${name}="(\\d+)"`).exec(tag)?.[1] ?? 0), 0);
const tests = sum("tests");
const failed = sum("failures") + sum("errors");
const skipped = sum("disabled") + sum("skipped");
const problems = [];
if (status !== "0" && failed === 0) problems.push(`the test command ended with ${status}`);
if (skipped > 0) problems.push(`${skipped} test(s) were skipped that should have run`);
if (tests < leastTests) problems.push(`${tests} tests ran, at least ${leastTests} were expected`);
for (const problem of problems) process.stdout.write(`CI: ${problem}\n`);
process.stdout.write(`${tests - failed - skipped} passed, ${failed + problems.length} failed\n`);
process.exit(failed + problems.length > 0 ? 1 : 0);
