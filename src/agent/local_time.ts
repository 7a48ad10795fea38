import { dateFormat } from "@/conversation/date_format.ts";

/** An instant as people in a time zone say it: `Tuesday, 24 November 2026, 14:03`. */
export function localTime(at: Date, timeZone: string): string {
  return dateFormat("en-GB", { timeZone, dateStyle: "full", timeStyle: "short", hourCycle: "h23" })
    .format(at).replace(" at ", ", ");
}

/** The short form in the frames of messages: `2026-11-24 14:03`. */
export function stamp(at: Date, timeZone: string): string {
  return dateFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(at);
}
