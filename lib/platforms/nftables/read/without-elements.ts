import { Ruleset } from './ruleset';

const MOST_NAMED = 8;

/** What a listing doesn't tell where no set in it has an element: `nft -t` of 1.0.6 prints all of them so. */
export function withoutElements({ tables }: Ruleset): readonly string[] {
  const sets = tables.flatMap((table) => [...table.sets.values()]);
  const empty = sets.filter(({ head }) => !head.flags.has('dynamic')).map(({ name }) => name);
  if (empty.length === 0 || sets.some(({ elements }) => elements.length > 0)) return [];
  const names = empty.slice(0, MOST_NAMED).join(', ') + (empty.length > MOST_NAMED ? ', …' : '');
  return [`the text has no element of any set or map (${names}): they are judged as empty, and whatever is in them, nft -t prints them so`];
}
