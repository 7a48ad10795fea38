/** Where a sandbox's data lies: beside a live Moca's, never in it. */

/** Whether this environment pretends Instagram as well: then customers are made up, and their data stay apart. */
export function isSimulated(env: Readonly<Record<string, string | undefined>>): boolean {
  return env["MOCA_MODE"]?.trim() === "sandbox" && !env["IG_GRAPH_URL"]?.trim();
}

/** The sandbox's data folder within the given one. */
export function sandboxFolder(dataDir: string): string {
  return `${dataDir.replace(/\/+$/, "")}/sandbox`;
}

/** Who is asked for the password stays who it was: by default that is the database that the URI names. */
export function sandboxUri(uri: string): string {
  const parts = /^(?<authority>mongodb(?:\+srv)?:\/\/[^/?]+)\/?(?<name>[^?]*)(?:\?(?<options>.*))?$/.exec(uri)?.groups;
  if (parts === undefined) return uri;
  const { authority, name, options = "" } = parts;
  const hasSource = !authority.includes("@") || /(?:^|&)authSource=/i.test(options);
  const query = [options, hasSource ? "" : `authSource=${name || "admin"}`].filter((part) => part !== "").join("&");
  return `${authority}/${name || "moca"}_sandbox${query === "" ? "" : `?${query}`}`;
}
