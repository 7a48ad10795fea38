import { type GraphAnswer, type GraphError, graphError, tokenExpired, tokenInvalid } from "./graph_error.ts";

const dayMs = 24 * 3_600_000;
const lifeMs = 60 * dayMs;

/** The account's access tokens: which are good, and until when. */
export class Tokens {
  #issued = new Map<string, Date>();
  #expired = false;
  #refreshes = 0;

  /** `issuedAt`: a token must be a day old before it can be refreshed. */
  constructor(token: string, issuedAt: Date) {
    this.set(token, issuedAt);
  }

  /** From now on this one token is good, and no other. */
  set(token: string, issuedAt: Date): void {
    this.#issued = new Map([[token, issuedAt]]);
    this.#expired = false;
  }

  /** Every token there is has run out. */
  expire(): void {
    this.#expired = true;
  }

  problem(token: string | undefined, now: Date): GraphError | undefined {
    const issuedAt = token === undefined ? undefined : this.#issued.get(token);
    if (issuedAt === undefined) return tokenInvalid;
    return this.#expired || now.getTime() - issuedAt.getTime() >= lifeMs ? tokenExpired : undefined;
  }

  /** `GET /refresh_access_token`: a new token for 60 days; the old one lives on until its own end. */
  refresh(token: string, now: Date): GraphAnswer {
    const issuedAt = this.#issued.get(token) ?? now;
    if (now.getTime() - issuedAt.getTime() < dayMs) {
      return { error: graphError(100, "Session token must be at least 24 hours old to be refreshed") };
    }
    this.#refreshes += 1;
    const fresh = `${token.split(".r")[0]}.r${this.#refreshes}`;
    this.#issued.set(fresh, now);
    return { body: { access_token: fresh, token_type: "bearer", expires_in: lifeMs / 1_000 } };
  }
}
