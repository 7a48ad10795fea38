/** `70_keywords.yaml:12:3`, as far as it is known. */
export function placeOf(
  { file, line, column }: { readonly file: string; readonly line?: number; readonly column?: number },
): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}
