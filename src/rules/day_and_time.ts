import { dateFormat } from "@/conversation/date_format.ts";

/** An instant for people, on the clocks of `timeZone`: `Tue 24 Nov, 14:05`. */
export function dayAndTime(at: Date, timeZone: string): string {
  const parts = dateFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(at);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("weekday")} ${part("day")} ${part("month")}, ${part("hour")}:${part("minute")}`;
}
