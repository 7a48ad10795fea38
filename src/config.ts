/** Read once, by the composition root; everything else is handed its values. */
export interface Config {
  readonly mode: "live" | "sandbox";
  readonly host: string;
  readonly port: number;
  /** External https address, without a trailing slash. */
  readonly publicUrl?: string;
  readonly dataDir: string;
  readonly mongodbUri?: string;
  readonly rulesDir: string;
  readonly adminToken: string;
  /** 32 bytes: seals tokens, signs cookies. */
  readonly secretKey: Uint8Array;
  /** Any of them may have signed a webhook. */
  readonly appSecrets: readonly string[];
  readonly verifyToken: string;
  /** The first account, when its token is in the environment. */
  readonly account?: { readonly token: string; readonly id?: string };
  readonly graph: { readonly url: string; readonly version: string };
  /** Absent: no model is configured. */
  readonly model?: { readonly apiKey: string; readonly baseUrl?: string; readonly name: string };
  readonly logLevel: LogLevel;
}

export type LogLevel = "debug" | "info" | "warning" | "error";

/** Every problem of the environment at once, each with its cure. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly string[]) {
    super(
      `Cannot start: ${problems.length} setting(s) of the environment need attention\n${
        problems.map((problem) => `  - ${problem}`).join("\n")
      }`,
    );
  }
}
