/** The path with that part of its query set, or without it where there is no value. */
export function withPart(path: string, name: string, value: string | undefined): string {
  const url = new URL(path, "http://moca.invalid");
  if (value === undefined) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  return `${url.pathname}${url.search}`;
}
