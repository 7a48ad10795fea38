/** Kept at once: every zone that somebody reads in takes about ten. */
const maxFormats = 300;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The formatter for a locale and options, made once each. A formatter holds hundreds of kilobytes outside of the
 * JavaScript heap, which the garbage collector does not see: made anew for each message, they fill the memory.
 *
 * @throws {RangeError} for a time zone or locale that does not exist
 */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  if (formats.size >= maxFormats) formats.delete([...formats.keys()][0]);
  const made = new Intl.DateTimeFormat(locale, options);
  formats.set(key, made);
  return made;
}
