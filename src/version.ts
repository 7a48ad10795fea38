import denoJson from "../deno.json" with { type: "json" };

/** Of this build, e.g. `0.1.0`. */
export const { version } = denoJson;
