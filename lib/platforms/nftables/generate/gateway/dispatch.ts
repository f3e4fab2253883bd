import { Range, point } from '../../../../net/range';
import { arrivals, nearestFirst } from '../../../../generate/parts';
import { Match, Rule, VerdictMap, DROP } from '../model';
import { Sets } from '../sets';
import { OpenGroup } from './model';
import { OpenChains, comment } from './open-chains';
import { peerMatch } from './translation';

/** From here on one look into a map is faster than a rule per list of openings. */
const MOST_RULES = 16;

/** Leads a translated packet to what is opened to its host. */
export function dispatch(
  groups: readonly OpenGroup[],
  chains: OpenChains,
  sets: Sets,
): { readonly rules: readonly Rule[]; readonly maps: readonly VerdictMap[] } {
  const open = groups.map((group) => ({ ...group, chain: chains.of(group.openings) }));
  const pairs = exactPairs(open, sets);
  const shared = open.flatMap(({ chain, openings, shared: both }): readonly Rule[] =>
    chain === undefined || !both
      ? []
      : [
          {
            matches: [
              address('daddr', sets, 'shared', both.inside),
              address('original daddr', sets, 'shared_public', both.outside),
            ],
            verdict: { is: 'jump', chain },
            comment: comment('openings', openings.name),
          },
        ],
  );
  const inside = open.flatMap(({ chain, openings, inside: hosts }) =>
    chain === undefined || hosts.length === 0 ? [] : [{ chain, openings, hosts }],
  );
  if (inside.length <= MOST_RULES) {
    const rules = inside.map(({ chain, openings, hosts }): Rule => ({
      matches: [address('daddr', sets, 'hosts', hosts)],
      verdict: { is: 'jump', chain },
      comment: comment('openings', openings.name),
    }));
    return { rules: [...pairs, ...shared, ...rules, { matches: [], verdict: DROP }], maps: [] };
  }
  const map: VerdictMap = {
    is: 'verdicts',
    name: 'm_hosts',
    elements: ascending(inside.flatMap(({ chain, hosts }) => hosts.map((from) => ({ from, chain })))),
  };
  const look: Rule = { matches: [], verdict: { is: 'dispatch', field: 'daddr', map: map.name } };
  return { rules: [...pairs, ...shared, look, { matches: [], verdict: DROP }], maps: [map] };
}

/** The next mapping of the same pair of addresses must not open more to the same packet, so what isn't open here ends here. */
function exactPairs(
  groups: readonly (OpenGroup & { readonly chain: string | undefined })[],
  sets: Sets,
): readonly Rule[] {
  const all = groups.flatMap(({ chain, openings, pairs }) => pairs.map((part) => ({ chain, openings, part })));
  return nearestFirst(all, ({ part }) => part).flatMap(({ chain, openings, part }): readonly Rule[] => {
    const matches: readonly Match[] = [
      { is: 'interface', way: 'in', names: arrivals(part.mapping) },
      ...peerMatch(part, 'in', sets),
      { is: 'address', family: 'ip', field: 'daddr', among: { is: 'value', value: point(part.inside.first) } },
      {
        is: 'address',
        family: 'ip',
        field: 'original daddr',
        among: { is: 'value', value: point(part.outside.first) },
      },
    ];
    const jump: readonly Rule[] =
      chain === undefined
        ? []
        : [{ matches, verdict: { is: 'jump', chain }, comment: comment('openings', openings.name) }];
    return [...jump, { matches, verdict: DROP }];
  });
}

const address = (field: 'daddr' | 'original daddr', sets: Sets, purpose: string, ranges: readonly Range[]): Match => ({
  is: 'address',
  family: 'ip',
  field,
  among: { is: 'set', name: sets.addressSet(purpose, 'ip', ranges) },
});

const ascending = (elements: VerdictMap['elements']): VerdictMap['elements'] =>
  [...elements].sort((a, b) => (a.from.first < b.from.first ? -1 : a.from.first > b.from.first ? 1 : 0));
