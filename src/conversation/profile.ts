import { type Change, withContact, withConversation } from "@/conversation/aggregate.ts";

/** What Instagram told of a contact; `unavailable`: it will not tell. */
export type Profile =
  | { readonly kind: "known"; readonly name?: string; readonly username?: string }
  | { readonly kind: "unavailable" };

/** Notes a contact's profile. It is nothing that the contact said, so a draft in progress stays good. */
export function learnProfile(change: Change, profile: Profile, now: Date): Change {
  const { name, username } = profile.kind === "known" ? profile : {};
  const learned = withContact(change, {
    profile: profile.kind,
    ...(name === undefined ? {} : { name }),
    ...(username === undefined ? {} : { username }),
  });
  return withConversation(learned, { updatedAt: now });
}
