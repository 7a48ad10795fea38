import type { Config } from "@/config.ts";

/** What a person needs to know when Moca has started, on stdout. In live mode the log says it. */
export function greet(config: Config, url: string): void {
  if (config.mode === "sandbox") Deno.stdout.writeSync(new TextEncoder().encode(greeting(config, url)));
}

/** The text of the sandbox's greeting. */
export function greeting(config: Config, url: string): string {
  const model = config.model === undefined ? "the demo model (set OPENAI_API_KEY for a real one)" : config.model.name;
  return `
  Moca is running (sandbox: nothing leaves this machine)

    Back office   ${url}/admin
    Sign-in token ${config.adminToken}
    Answers by    ${model}

  Three things to try
    1. Write as a customer: ${url}/admin/simulator
    2. See why it answered, and answer yourself: ${url}/admin/inbox
    3. Edit rules/70_keywords.yaml and write again: it is live as soon as it is saved

  Stop with Ctrl+C. What was written stays in ${config.dataDir}
`;
}
