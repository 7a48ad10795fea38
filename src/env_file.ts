import { parseEnv } from "node:util";
import type { Environment } from "@/config.ts";

/** The variables of a `.env` file; none when there is no such file. */
export function readEnvFile(path: string): Environment {
  try {
    return parseEnv(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** The process' environment over the `.env` file beside it, as everything that starts Moca sees it. */
export function readEnvironment(names: readonly string[], path = ".env"): Environment {
  const given = Object.fromEntries(
    names.map((name) => [name, Deno.env.get(name)]).filter(([, value]) => value !== undefined),
  );
  return { ...readEnvFile(path), ...given };
}
