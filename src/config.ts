import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { isSimulated, sandboxFolder, sandboxUri } from "@/sandbox_place.ts";
import { madeUpAccountId } from "@/store/sandbox_mark.ts";

/** Read once, by the composition root; everything else is handed its values. */
export interface Config {
  readonly mode: "live" | "sandbox";
  readonly host: string;
  readonly port: number;
  /** External https address, without a trailing slash. */
  readonly publicUrl?: string;
  /** With a pretended Instagram, the sandbox's own folder and database. */
  readonly dataDir: string;
  readonly mongodbUri?: string;
  readonly rulesDir: string;
  readonly adminToken: string;
  /** 32 bytes: seals tokens, signs cookies. */
  readonly secretKey: Uint8Array;
  /** Keys of before: what they sealed is read, and sealed anew with `secretKey`. Absent: none. */
  readonly oldSecretKeys?: readonly Uint8Array[];
  /** Any of them may have signed a webhook. */
  readonly appSecrets: readonly string[];
  readonly verifyToken: string;
  /** The first account, when its token is in the environment. */
  readonly account?: { readonly token: string; readonly id?: string };
  readonly graph: GraphConfig;
  /** Instagram is the pretended one of this process. */
  readonly simulated: boolean;
  /** Absent: no model is configured. */
  readonly model?: { readonly apiKey: string; readonly baseUrl?: string; readonly name: string };
  readonly logLevel: LogLevel;
}

/** Where the Graph API is: calls go to `{url}/{version}/…`. */
export interface GraphConfig {
  readonly url: string;
  readonly version: string;
}

export type LogLevel = "debug" | "info" | "warning" | "error";

/** Every problem of the environment at once, each with its cure. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly string[]) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    super(`Cannot start: ${problems.length} setting(s) of the environment need attention\n${list}`);
  }
}

/** The environment as text; an empty value counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

const levels: Readonly<Record<string, LogLevel>> = {
  debug: "debug",
  info: "info",
  warn: "warning",
  warning: "warning",
  error: "error",
};

/**
 * The configuration that the environment asks for.
 *
 * @throws {ConfigError} with all problems at once, before anything listens
 */
export function readConfig(env: Environment): Config {
  const reader = new Reader(env);
  const mode = reader.oneOf("MOCA_MODE", ["live", "sandbox"] as const, "live");
  const simulated = isSimulated(env);
  const dataDir = reader.text("MOCA_DATA_DIR") ?? "./data";
  const mongodbUri = reader.url("MONGODB_URI", ["mongodb:", "mongodb+srv:"]);
  const config: Config = {
    mode,
    host: reader.text("HOST") ?? "127.0.0.1",
    port: reader.port(),
    publicUrl: reader.url("PUBLIC_URL", ["https:", "http:"]),
    dataDir: simulated ? sandboxFolder(dataDir) : dataDir,
    mongodbUri: simulated && mongodbUri !== undefined ? sandboxUri(mongodbUri) : mongodbUri,
    rulesDir: reader.text("MOCA_RULES_DIR") ?? "./rules",
    logLevel: levels[reader.oneOf("LOG_LEVEL", Object.keys(levels), "info")] ?? "info",
    graph: {
      url: reader.url("IG_GRAPH_URL", ["https:", "http:"]) ?? "https://graph.instagram.com",
      version: reader.text("IG_GRAPH_VERSION") ?? "v25.0",
    },
    simulated,
    model: readModel(reader),
    ...(mode === "live" ? readLiveSecrets(reader) : readSandboxSecrets(reader)),
  };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config;
}

/** What must never be shown, in whatever form it stands in the environment. */
export function secretsOf(config: Config): readonly string[] {
  const { adminToken, secretKey, oldSecretKeys = [], appSecrets, verifyToken, account, model, mongodbUri } = config;
  const keys = [secretKey, ...oldSecretKeys].map((key) => key.toBase64());
  return [adminToken, ...keys, ...appSecrets, verifyToken, account?.token, model?.apiKey, mongodbUri]
    .flatMap((secret) => secret || []);
}

type Secrets = Pick<Config, "adminToken" | "secretKey" | "oldSecretKeys" | "appSecrets" | "verifyToken" | "account">;

function readLiveSecrets(reader: Reader): Secrets {
  const id = reader.text("IG_ACCOUNT_ID");
  const token = reader.text("IG_ACCESS_TOKEN");
  if (id !== undefined && token === undefined) {
    reader.problem("IG_ACCOUNT_ID is set without IG_ACCESS_TOKEN: set the account's long-lived token too");
  }
  return {
    adminToken: reader.secret("MOCA_ADMIN_TOKEN", 16, "choose one: openssl rand -hex 24") ?? "",
    ...keysOf(reader.keys("MOCA_SECRET_KEY", "make one: openssl rand -base64 32")),
    appSecrets: reader.required("META_APP_SECRET", "copy the app secret from Meta's dashboard")?.split(",")
      .map((secret) => secret.trim()).filter((secret) => secret !== "") ?? [],
    verifyToken: reader.required("META_VERIFY_TOKEN", "choose any text and enter it in Meta's webhook settings too") ??
      "",
    ...(token === undefined ? {} : { account: { token, ...(id === undefined ? {} : { id }) } }),
  };
}

/** In the sandbox every secret that is not given is made up afresh; the account is the simulator's. */
function readSandboxSecrets(reader: Reader): Secrets {
  return {
    adminToken: reader.text("MOCA_ADMIN_TOKEN") ?? randomBytes(12).toString("hex"),
    ...keysOf(reader.keys("MOCA_SECRET_KEY") ?? [new Uint8Array(randomBytes(32))]),
    appSecrets: (reader.text("META_APP_SECRET") ?? randomBytes(16).toString("hex")).split(",").map((secret) =>
      secret.trim()
    ),
    verifyToken: reader.text("META_VERIFY_TOKEN") ?? "moca-sandbox",
    account: {
      token: reader.text("IG_ACCESS_TOKEN") ?? "sandbox-token",
      id: reader.text("IG_ACCOUNT_ID") ?? madeUpAccountId,
    },
  };
}

function keysOf([secretKey = new Uint8Array(), ...oldSecretKeys]: readonly Uint8Array[] = []): Pick<
  Config,
  "secretKey" | "oldSecretKeys"
> {
  return { secretKey, ...(oldSecretKeys.length === 0 ? {} : { oldSecretKeys }) };
}

function readModel(reader: Reader): Config["model"] {
  const apiKey = reader.text("OPENAI_API_KEY");
  const baseUrl = reader.url("OPENAI_BASE_URL", ["https:", "http:"]);
  if (apiKey === undefined && baseUrl === undefined) return undefined;
  return {
    apiKey: apiKey ?? "none",
    ...(baseUrl === undefined ? {} : { baseUrl }),
    name: reader.text("OPENAI_MODEL") ?? "gpt-5-mini",
  };
}

/** Takes values out of the environment and collects what is wrong with them. */
class Reader {
  readonly problems: string[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  text(name: string): string | undefined {
    const value = this.#env[name]?.trim();
    return value === "" ? undefined : value;
  }

  required(name: string, cure: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) this.problem(`${name} is missing: ${cure}`);
    return value;
  }

  secret(name: string, minLength: number, cure: string): string | undefined {
    const value = this.required(name, cure);
    if (value !== undefined && value.length < minLength) {
      this.problem(`${name} has ${value.length} characters, wants at least ${minLength}: ${cure}`);
    }
    return value;
  }

  /** One key of 32 bytes in base64, or several with commas between them; required when a cure is given. */
  keys(name: string, cure?: string): readonly Uint8Array[] | undefined {
    const value = cure === undefined ? this.text(name) : this.required(name, cure);
    const keys = value?.split(",").map((key) => new Uint8Array(Buffer.from(key.trim(), "base64")));
    for (const { length } of keys?.filter((key) => key.length !== 32) ?? []) {
      this.problem(`${name} holds ${length} bytes, wants 32 in base64: openssl rand -base64 32`);
    }
    return keys;
  }

  port(): number {
    const text = this.text("PORT") ?? "8000";
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      this.problem(`PORT is "${text}", wants a number from 0 to 65535`);
    }
    return port;
  }

  /** An address without its trailing slashes; its value is not repeated in problems, as it may hold a password. */
  url(name: string, protocols: readonly string[]): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const isFit = protocols.some((protocol) => value.startsWith(`${protocol}//`)) &&
      (URL.canParse(value) || name === "MONGODB_URI");
    if (!isFit) {
      this.problem(
        `${name} is not an address, wants one that begins with ${protocols.map((p) => `${p}//`).join(" or ")}`,
      );
    }
    return value.replace(/\/+$/, "");
  }

  oneOf<const Value extends string>(name: string, values: readonly Value[], fallback: Value): Value {
    const text = this.text(name) ?? fallback;
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) this.problem(`${name} is "${text}", wants ${values.join(" or ")}`);
    return value ?? fallback;
  }
}
