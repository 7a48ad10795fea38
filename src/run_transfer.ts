/**
 * Runs `copy` or `seed` with the permissions that its command line needs and no more: a task cannot hand its own
 * arguments to `permissions.ts`. Everything that is asked to end ends.
 */
import { readEnvironment } from "@/env_file.ts";
import { environmentNames, transferFlags } from "@/permissions.ts";

const [script, ...args] = Deno.args;
const flags = transferFlags(readEnvironment(environmentNames), args);
const child = new Deno.Command("deno", { args: ["run", "--quiet", ...flags, script, ...args] }).spawn();
Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
// A terminal sends Ctrl-C to both: this one waits for the other.
Deno.addSignalListener("SIGINT", () => {});
Deno.exit((await child.status).code);
