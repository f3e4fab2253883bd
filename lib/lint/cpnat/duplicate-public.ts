import { Range } from '../../net/range';
import { printAddress, printRange } from '../../net/address';
import { some } from '../addresses';
import { leavingOf } from '../hosts';
import { gatewaysOf } from '../owners';
import { SubjectOwner } from '../subject';
import { LintRule } from '../rule';
import { NAT_PAGE } from '../sources';

export const duplicatePublic: LintRule = {
  code: 'cpnat/duplicate-public',
  severity: 'warning',
  title: 'Several inside addresses stand behind one public address',
  decidedBy: 'text',
  explanation: {
    why: "Two inside addresses that each leave as the same public address are recorded twice in the server's NAT map; the first wins, and the second shows its private address to the world. And only one of them is reached from outside.",
    when: "Found where the gateway translates single inside addresses, one by one, to the same public address. A masquerade for a whole network isn't meant.",
    remedy: 'One public address for each inside address.',
    source: NAT_PAGE,
  },
  find: (subject) =>
    gatewaysOf(subject).flatMap((gateway) =>
      shared(gateway).map(([outside, insides]) => ({
        where: `${gateway.name}, ${printAddress(outside)}`,
        what: `${some(insides.map(printRange))} leave as ${printAddress(outside)}, one by one: only one of them can stand for it.`,
        instead: 'A public address for each of them.',
      })),
    ),
};

/** Public addresses that several single inside addresses are moved to. */
function shared(gateway: SubjectOwner): readonly (readonly [outside: bigint, insides: readonly Range[]])[] {
  const insides = new Map<bigint, Map<bigint, Range>>();
  for (const list of leavingOf(gateway).values())
    for (const { inside, translations } of list)
      for (const { source } of translations) {
        if (source.is !== 'moved' || inside.first !== inside.last) continue;
        const outside = inside.first + source.by;
        const known = insides.get(outside) ?? new Map<bigint, Range>();
        insides.set(outside, known.set(inside.first, inside));
      }
  return [...insides].flatMap(([outside, all]) => (all.size > 1 ? [[outside, [...all.values()]] as const] : []));
}
