import { addMs } from "@/conversation/due_time.ts";
import { type Finding, ok, problem, warning } from "@/doctor/finding.ts";
import type { AccountAnswer } from "@/instagram/client.ts";
import type { SubscribedFieldsAnswer } from "@/instagram/subscribed_fields.ts";
import type { ThreadListAnswer } from "@/instagram/thread_list.ts";

/** An account's access token, as it is used. */
export interface TokenInUse {
  /** Absent: only Instagram can tell whose it is. */
  readonly accountId?: string;
  readonly token: string;
  /** In words, e.g. `IG_ACCESS_TOKEN`. */
  readonly from: string;
  readonly expiresAt?: Date;
  /** When it was given to Moca, or renewed; absent when it is not in the store yet. */
  readonly since?: Date;
}

/** What Instagram is asked. */
export interface AccountChecks {
  readonly me: (token: string) => Promise<AccountAnswer>;
  readonly subscribedFields: (of: { accountId: string; token: string }) => Promise<SubscribedFieldsAnswer>;
  readonly threads: (of: { accountId: string; token: string }) => Promise<ThreadListAnswer>;
  readonly now: Date;
}

const dashboard = "developers.facebook.com > My Apps > your app > Instagram > API setup with Instagram login";

/** Where a new token comes from and where it goes. */
export const newToken = `Make a new one: ${dashboard} > Generate access tokens, then enter it in Settings or, before ` +
  "the first start, as IG_ACCESS_TOKEN";

/** Whether the token works, for how long yet, and whether the account's messages come. */
export async function checkAccount(inUse: TokenInUse, checks: AccountChecks): Promise<readonly Finding[]> {
  const answer = await checks.me(inUse.token);
  if (answer.kind === "failed") return [judgeRefusal(answer, inUse)];
  const owner = `@${answer.username ?? "?"} (${answer.id})`;
  if (inUse.accountId !== undefined && inUse.accountId !== answer.id) {
    const found = `the one from ${inUse.from} belongs to ${owner}, not to ${inUse.accountId}`;
    return [problem("access token", found, `Correct IG_ACCOUNT_ID, or use that account's token. ${newToken}`)];
  }
  const of = { accountId: answer.id, token: inUse.token };
  return [
    ok("access token", `works for ${owner}, from ${inUse.from}`),
    judgeExpiry(inUse, checks.now),
    judgeType(answer.accountType),
    judgeAccess(await checks.threads(of)),
    judgeFields(await checks.subscribedFields(of), answer.id),
  ];
}

/** As Instagram names the accounts that may be answered through its API. */
const professional = ["BUSINESS", "MEDIA_CREATOR", "CREATOR"];

function judgeType(accountType: string | undefined): Finding {
  const subject = "account type";
  const cure = "In the Instagram app: Settings > Account type and tools > Switch to professional account";
  if (accountType === undefined) return warning(subject, "Instagram does not tell it", cure);
  const isProfessional = professional.includes(accountType.toUpperCase());
  return isProfessional
    ? ok(subject, `professional (${accountType})`)
    : problem(subject, `${accountType}: only professional accounts are answered`, cure);
}

/** The switch itself cannot be asked for; that conversations can be read shows it. */
function judgeAccess(answer: ThreadListAnswer): Finding {
  const subject = "message access";
  const cure = "In the Instagram app: Settings > Messages and story replies > Message controls > Connected tools > " +
    "Allow access to messages; and the permission instagram_business_manage_messages in Meta's dashboard";
  if (answer.kind === "threads") return ok(subject, "conversations can be read");
  const found = `conversations cannot be read: ${answer.error.message}`;
  return answer.class === "config" ? problem(subject, found, cure) : warning(subject, found, cure);
}

type Refusal = Extract<AccountAnswer, { kind: "failed" }>;

function judgeRefusal({ class: errorClass, error }: Refusal, { from }: TokenInUse): Finding {
  const subject = "access token";
  const code = error.code === undefined ? "" : ` (code ${error.code})`;
  const found = `the one from ${from} was not taken: ${error.message}${code}`;
  switch (errorClass) {
    case undefined:
      return problem("Instagram", error.message, "Let this machine call IG_GRAPH_URL over https, then try again");
    case "token":
      return problem(subject, found, newToken);
    case "config":
    case "fail":
      return problem(
        subject,
        found,
        "Add the account under your app > App roles > Instagram testers, accept the invitation on instagram.com > " +
          "Settings > Apps and websites > Tester invites, and publish the app",
      );
    default:
      return warning(subject, found, "Try again in a few minutes");
  }
}

const dayMs = 24 * 3_600_000;
const longestLifeDays = 60;
const soonDays = 14;

function judgeExpiry({ expiresAt, since }: TokenInUse, now: Date): Finding {
  const subject = "token's end";
  const latest = expiresAt ?? (since && addMs(since, longestLifeDays * dayMs));
  if (latest === undefined) return ok(subject, `not known; Instagram's tokens live ${longestLifeDays} days`);
  const days = Math.floor((latest.getTime() - now.getTime()) / dayMs);
  const date = latest.toISOString().slice(0, 10);
  const found = expiresAt === undefined ? `at the latest on ${date}, in ${days} days` : `on ${date}, in ${days} days`;
  return days < soonDays ? warning(subject, found, newToken) : ok(subject, found);
}

/** Without this one no message comes. */
const needed = "messages";

/** What Moca understands beyond it. */
const useful = [
  "message_echoes",
  "message_reactions",
  "message_edit",
  "messaging_postbacks",
  "messaging_seen",
  "messaging_referral",
];

function judgeFields(answer: SubscribedFieldsAnswer, accountId: string): Finding {
  const subject = "webhook fields";
  const all = [needed, ...useful].join(",");
  const cure = `Tick them under ${dashboard} > Configure webhooks, and subscribe the account: POST /${accountId}` +
    `/subscribed_apps?subscribed_fields=${all} (docs/meta-setup.md, step 6)`;
  if (answer.kind === "failed") return warning(subject, `could not be asked: ${answer.error.message}`, cure);
  const missing = [needed, ...useful].filter((field) => !answer.fields.includes(field));
  if (answer.fields.length === 0) return problem(subject, "the account is not subscribed, no message comes", cure);
  if (missing.includes(needed)) return problem(subject, `"${needed}" is missing, no message comes`, cure);
  if (missing.length > 0) return warning(subject, `missing: ${missing.join(", ")}`, cure);
  return ok(subject, answer.fields.join(", "));
}
