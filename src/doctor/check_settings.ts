import { type Config, ConfigError, type Environment, readConfig } from "@/config.ts";
import { type Finding, ok, problem, warning } from "@/doctor/finding.ts";

const subject = "environment";

/** The configuration, or a finding for each of its problems. */
export function checkEnvironment(
  env: Environment,
): { readonly config?: Config; readonly findings: readonly Finding[] } {
  try {
    const config = readConfig(env);
    return { config, findings: [ok(subject, `complete, ${config.mode} mode`), ...checkPublicUrl(config)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const cure = "Set it in .env, see .env.example; the other checks follow once the environment is complete";
    return { findings: error.problems.map((found) => problem(subject, found, cure)) };
  }
}

function checkPublicUrl({ mode, publicUrl }: Config): readonly Finding[] {
  if (mode === "sandbox" || publicUrl?.startsWith("https:")) return [];
  const cure =
    "Set PUBLIC_URL to the https address that the proxy answers at: Meta calls no other, and only then are " +
    "cookies for https alone";
  return [
    warning("public address", publicUrl === undefined ? "PUBLIC_URL is not set" : "PUBLIC_URL is not https", cure),
  ];
}
