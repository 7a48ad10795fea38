/** Puts what is known into a canned reply. What stays open is for the person to fill in before they send. */

const placeholder = /\{\{([^{}]*)\}\}/g;

/** `name`, `username`, `operator`, `account` or `fields.x`, perhaps with what to say when it is not known. */
const variable = /^\s*([A-Za-z][\w.-]{0,50})\s*(?:\|([^{}|]*))?$/;

/** Characters of one value that a text takes: a contact chooses their own name. */
const valueLimit = 80;

/** What may be filled in, by name; absent: not known. */
export type CannedValues = Readonly<Record<string, string | undefined>>;

/** The body with every value that is known, or its fallback (`{{name|there}}`); anything else stays as it stands. */
export function fillCanned(body: string, values: CannedValues): string {
  return body.replace(placeholder, (whole, inner: string) => {
    const [, name = "", fallback] = variable.exec(inner) ?? [];
    const value = Object.hasOwn(values, name) ? clean(values[name]) : "";
    return value || fallback?.trim() || whole;
  });
}

/** What of a text is still to be filled in, e.g. `{{order}}`; undefined when nothing is. */
export function openPlace(text: string): string | undefined {
  return text.match(placeholder)?.[0];
}

/** One line, and nothing that would itself look like something to fill in. */
function clean(value = ""): string {
  const oneLine = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}{}]+/gu, " ").replace(/\s+/g, " ").trim();
  return [...oneLine].slice(0, valueLimit).join("");
}
