import { PfRules } from '../../../reading/pf/model';

/** Translations as a kernel keeps them that refuses the second of two which ask the same: it compares no targets, and says nothing. */
export const withoutDuplicates = (rules: PfRules): PfRules => ({
  ...rules,
  rdr: firstOfEach(rules.rdr),
  binat: firstOfEach(rules.binat),
  nat: firstOfEach(rules.nat),
});

function firstOfEach<R extends { readonly asks: string }>(list: readonly R[]): readonly R[] {
  const seen = new Set<string>();
  const kept = list.filter(({ asks }) => !seen.has(asks) && seen.add(asks));
  return kept.length === list.length ? list : kept;
}

export const hasDuplicates = (rules: PfRules): boolean => {
  const kept = withoutDuplicates(rules);
  return kept.rdr !== rules.rdr || kept.binat !== rules.binat || kept.nat !== rules.nat;
};
