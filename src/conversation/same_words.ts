/** Whether two texts are the same but for spaces and Unicode form, which Instagram may change. */
export function sameWords(a: string, b: string): boolean {
  return normalise(a) === normalise(b);
}

function normalise(text: string): string {
  return text.normalize("NFC").replaceAll(/\s+/gu, " ").trim();
}
