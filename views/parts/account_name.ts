interface Named {
  readonly id: string;
  readonly username?: string;
}

/** What people call an account by: its handle, or its id until that is known. */
export function accountName({ id, username }: Named): string {
  return username === undefined ? id : `@${username}`;
}

/** The same where it tells accounts apart; undefined where there is only one. */
export function distinctName(account: Named, accounts: readonly unknown[]): string | undefined {
  return accounts.length > 1 ? accountName(account) : undefined;
}
