/** Has an element be asked for anew each second; one that comes without this is the last. It needs an id. */
export function untilDone(path: string): Readonly<Record<string, string>> {
  return { "hx-get": path, "hx-trigger": "every 1s", "hx-swap": "outerMorph" };
}
