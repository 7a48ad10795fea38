/** Arguments of one `update_contact` call. */
export interface DemoFact {
  readonly field: "name" | "email" | "phone";
  readonly value: string;
  readonly quote: string;
}

const patterns: Readonly<Record<DemoFact["field"], RegExp>> = {
  email: /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/u,
  name: /(?:my name is|my name's|me llamo|mi nombre es)\s+(\p{L}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*)?)/iu,
  phone: /(?:phone|number|tel[eé]fono|n[uú]mero|whatsapp)[^\d+]{0,20}(\+?\d[\d\s().-]{5,20}\d)/iu,
};

/** What the burst's messages tell about the contact. */
export function factsIn(texts: readonly string[]): readonly DemoFact[] {
  return texts.flatMap((text) => (["name", "email", "phone"] as const).flatMap((field) => factIn(text, field)));
}

function factIn(text: string, field: DemoFact["field"]): readonly DemoFact[] {
  const match = patterns[field].exec(text);
  return match === null ? [] : [{ field, value: match[1] ?? match[0], quote: match[0] }];
}
