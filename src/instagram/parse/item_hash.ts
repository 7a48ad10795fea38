import { createHash } from "node:crypto";

/** What is still to be written: a value, or text that is already as it shall be. */
type Step = { readonly value: unknown } | { readonly text: string };

/**
 * SHA-256, in lowercase hex, of any value that JSON can hold; the order of an object's fields makes no
 * difference. Walks without recursion: JSON of any depth may come in.
 */
export function itemHash(value: unknown): string {
  const written: string[] = [];
  const steps: Step[] = [{ value }];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if ("text" in step) written.push(step.text);
    else if (typeof step.value !== "object" || step.value === null) written.push(leaf(step.value));
    else for (const next of stepsInto(step.value).reverse()) steps.push(next);
  }
  return createHash("sha256").update(written.join("")).digest("hex");
}

function leaf(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function stepsInto(value: object): Step[] {
  if (Array.isArray(value)) {
    return [{ text: "[" }, ...value.flatMap((item: unknown): Step[] => [{ value: item }, { text: "," }]), {
      text: "]",
    }];
  }
  const fields = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  const inner = fields.flatMap(([name, item]): Step[] => [
    { text: `${JSON.stringify(name)}:` },
    { value: item },
    { text: "," },
  ]);
  return [{ text: "{" }, ...inner, { text: "}" }];
}
