/** A person who exists on the pretend Instagram. */
export interface PretendContact {
  /** Instagram's id of the person, scoped to the account. */
  readonly psid: string;
  /** The handle without `@`. */
  readonly username: string;
  readonly name: string;
  readonly language: "es" | "en";
  readonly followers: number;
  /** Whether the person follows the business. */
  readonly follows: boolean;
  /** Blocked the business: nothing reaches the person, and the profile cannot be read. */
  readonly blocked: boolean;
}

/** The three people whom every pretend Instagram knows from the start; none of them has written yet. */
export const defaultPersonas: readonly PretendContact[] = [
  persona("6170000000000101", "lucia.mendez", "Lucía Méndez", { language: "es", followers: 842, follows: true }),
  persona("6170000000000102", "tomas_rivas", "Tomás Rivas", { language: "es", followers: 97, follows: false }),
  persona("6170000000000103", "grace.okafor", "Grace Okafor", { language: "en", followers: 3_310, follows: true }),
];

/** The id of a new person, of whom there are `count` so far. */
export function newPsid(count: number): string {
  return `6180${String(count).padStart(12, "0")}`;
}

/** Somebody of whom nothing but the id, and perhaps the name, is known. */
export function stranger(psid: string, name: string = `Contact ${psid.slice(-4)}`): PretendContact {
  const handle = name.normalize("NFD").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  return persona(psid, handle || `contact_${psid.slice(-4)}`, name, { language: "en", followers: 12, follows: false });
}

function persona(
  psid: string,
  username: string,
  name: string,
  rest: Pick<PretendContact, "language" | "followers" | "follows">,
): PretendContact {
  return { psid, username, name, ...rest, blocked: false };
}
