import type { Role } from "@/store/records.ts";
import type { Locale, Translate } from "@views/i18n.ts";

/** What every part of a page may need besides its own data. */
export interface Ui {
  readonly locale: Locale;
  readonly t: Translate;
  /** IANA name; times are shown in it. */
  readonly timeZone: string;
  readonly now: Date;
  /** The session's token, for every form; empty when nobody is signed in. */
  readonly csrf: string;
  /** What whoever reads the page may do: what they may not is not offered. */
  readonly role: Role;
  /** Who reads it; empty when nobody is signed in. */
  readonly operator: string;
}

export const themes = ["system", "light", "dark"] as const;
export type Theme = typeof themes[number];

/** What stands around a page. */
export interface Frame {
  /** Path and query of this page, for language links and for coming back. */
  readonly path: string;
  /** The newest change that the page shows; absent where nobody is signed in. */
  readonly liveFrom?: number;
  readonly sandbox: boolean;
  readonly theme: Theme;
  /** Whether Enter alone sends what is in the composer. */
  readonly enterSends: boolean;
  /** Absent when there is no account yet. */
  readonly agent?: "on" | "draft" | "off";
  /** Conversations that need a person. */
  readonly needed: number;
  /** Outbound items that wait for a person: failed, held, expired. */
  readonly stuck: number;
  /** What must be said on every page, in that order. */
  readonly alerts: readonly Alert[];
  readonly assets: { readonly css: string; readonly js: string };
}

export type Alert =
  | OfAccount
    & (
      /** Nobody is answered by itself. */
      | { readonly kind: "botOff" }
      /** Nothing is sent; `reason` says why, with the cure. */
      | { readonly kind: "paused"; readonly reason: string }
      /** The access token ends in so many whole days. */
      | { readonly kind: "tokenEnds"; readonly days: number }
    )
  /** A rule file, or the folder, could not be loaded; `isRunning`: what it said before still is. */
  | {
    readonly kind: "brokenRules";
    readonly file: string;
    readonly line?: number;
    readonly since: Date;
    readonly isRunning: boolean;
  }
  /** Instagram has not called since. */
  | { readonly kind: "silentWebhook"; readonly since: Date };

interface OfAccount {
  /** The account's handle or id; absent when there is only one account. */
  readonly name?: string;
}
