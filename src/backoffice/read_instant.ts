/** An instant in ms, as an address or a form has it; undefined when it is none. */
export function readInstant(ms: unknown): Date | undefined {
  return typeof ms === "string" && /^\d{1,15}$/.test(ms) ? new Date(Number(ms)) : undefined;
}
