interface Named {
  readonly name: string;
}

/**
 * The rules as they are asked: those that `order` names take, in its order, the places that they have among the files;
 * all others stay where their files put them, and names that no rule has are passed over.
 */
export function inOrder<Rule extends Named>(rules: readonly Rule[], order: readonly string[]): readonly Rule[] {
  const isMoved = ({ name }: Named): boolean => order.includes(name);
  const moved = rules.filter(isMoved).toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  let next = 0;
  return rules.map((rule) => isMoved(rule) ? moved[next++]! : rule);
}

/** The order with that rule one place further up (-1) or down (+1); as it was when it stands at that end. */
export function moved(rules: readonly Named[], { rule, by }: { readonly rule: string; readonly by: -1 | 1 }): string[] {
  const names = rules.map(({ name }) => name);
  const from = names.indexOf(rule);
  const other = names[from + by];
  if (from < 0 || other === undefined) return names;
  return names.with(from, other).with(from + by, rule);
}

/** Whether the rules are asked in another order than that of their files. */
export function isReordered(rules: readonly Named[], order: readonly string[]): boolean {
  return inOrder(rules, order).some((rule, index) => rule !== rules[index]);
}
