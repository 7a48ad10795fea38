import { type Finding, ok, warning } from "@/doctor/finding.ts";

/** Whether Meta signs with a secret that Moca knows: only then a webhook is kept. `newestAt`: when the newest came. */
export function checkSignature(newestAt: Date | undefined): Finding {
  const subject = "app secret";
  if (newestAt !== undefined) {
    return ok(subject, `the newest webhook was signed with it, ${newestAt.toISOString().slice(0, 16)}Z`);
  }
  return warning(
    subject,
    "no webhook that is signed with it came in the last 7 days",
    "Write to the account from another Instagram account. When nothing comes, META_APP_SECRET may be another app's: " +
      "take the Instagram app secret of Instagram > API setup with Instagram login, and that of App settings > Basic",
  );
}
