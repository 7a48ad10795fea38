import type { Ui } from "@views/ui.ts";

/** How many there are, or with `atLeast` more than so many. */
export interface Count {
  readonly count: number;
  readonly atLeast: boolean;
}

/** `1,000+` when there are more than a thousand and nobody counted further. */
export function countText({ locale }: Pick<Ui, "locale">, { count, atLeast }: Count): string {
  return `${new Intl.NumberFormat(locale).format(count)}${atLeast ? "+" : ""}`;
}
