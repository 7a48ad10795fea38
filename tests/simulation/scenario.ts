/** What a seed has beside the faults that all have. The kinds are spread over the seeds, so that they take no longer. */
export interface Scenario {
  /** Some webhooks are lost for good, and Moca looks in the threads for what they held. */
  readonly losesWebhooks: boolean;
  /** The token is renewed, ends in the middle of everything, and a person pastes another. */
  readonly endsToken: boolean;
  /** The agent only drafts; people let its answers out, with other words or not, or discard them. */
  readonly drafts: boolean;
  /** Answers plan texts for later. */
  readonly followsUp: boolean;
}

export function scenarioOf(seed: number): Scenario {
  const kind = seed % 5;
  return { losesWebhooks: kind === 1, endsToken: kind === 2, drafts: kind === 3, followsUp: kind === 4 };
}
