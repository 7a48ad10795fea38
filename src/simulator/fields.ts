/** A `fields` parameter taken apart: `messages.limit(3){id,text}` → messages, limit 3, of which id and text. */
export interface Field {
  readonly name: string;
  readonly limit?: number;
  readonly fields: readonly Field[];
}

/** Reads Graph's field expressions; what cannot be read is left out. */
export function parseFields(expression: string): readonly Field[] {
  return splitAtCommas(expression).flatMap((part): readonly Field[] => {
    const match = /^\s*([a-z_]+)(?:\.limit\((\d+)\))?(?:\{(.*)\})?\s*$/s.exec(part);
    if (match === null) return [];
    const limit = match[2] === undefined ? {} : { limit: Number(match[2]) };
    return [{ name: match[1], ...limit, fields: match[3] === undefined ? [] : parseFields(match[3]) }];
  });
}

/** The commas outside of braces part the fields. */
function splitAtCommas(expression: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < expression.length; index++) {
    const character = expression[index];
    if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(expression.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, expression.slice(start)];
}
