import { Findings } from '../../lint/lint';
import { lintRules } from '../../lint/rules';
import { Subject } from '../../lint/subject';
import { printAddress, printPrefix } from '../../net/address';
import { groupBy } from '../../net/group-by';

/** Of everything but notes, whether it was found in whatever state the devices are before the change. A device without a release of ours has none. */
export function withBaseline(
  found: Findings,
  after: Subject,
  before: () => readonly (readonly [Subject, Findings])[],
): Findings {
  const isAsked = (at: number): boolean => lintRules[at]!.severity !== 'note';
  if (!found.some((each, at) => isAsked(at) && each.length > 0)) return found;
  const known = before().map(([subject, findings]) => saidIn(subject, findings));
  const said = saidIn(after, found);
  return found.map((each, at) => {
    if (!isAsked(at)) return each;
    const ofRule = known.map((one) => groupBy(one[at]!, ({ words }) => words));
    const stood = (one: Said): boolean =>
      ofRule.length > 0 && ofRule.every((had) => (had.get(one.words) ?? []).some((was) => isAsMuch(one, was)));
    return each.map((one, nth) => ({ ...one, stood: stood(said[at]![nth]!) }));
  });
}

/** A finding: rule, place and words, without our own addresses in them. */
interface Said {
  readonly words: string;
  /** These, list by list, as they are written, as what they are, and as what is behind them. */
  readonly written: readonly (readonly string[])[];
  readonly named: readonly (readonly string[])[];
  readonly behind: readonly (readonly string[])[];
}

/**
 * What anybody reaches at a mapping was reached before the mapping got another address, and what holds of fewer addresses held of these. Whom else
 * it lets in, or by which port, is another thing, and so is what another server has.
 */
const isAsMuch = (one: Said, was: Said): boolean =>
  (['written', 'named', 'behind'] as const).some((as) =>
    // Of several addresses of one host more than before are more.
    one[as].every(
      (all, nth) => all.length <= was[as][nth]!.length && all.every((each) => was[as][nth]!.includes(each)),
    ),
  );

function saidIn(subject: Subject, findings: Findings): readonly (readonly Said[])[] {
  const [names, hosts] = [namesIn(subject), hostsIn(subject)];
  return findings.map((each) =>
    each.map(({ where, what }) => {
      const written: string[][] = [];
      const words = JSON.stringify([where, what]).replace(ADDRESSES, (list) => {
        const all = list.split(', ');
        if (!all.every((address) => names.has(address))) return list;
        written.push(all);
        return '@';
      });
      const as = (known: typeof names): Said['named'] =>
        written.map((all) => all.map((address) => known.get(address) ?? address));
      return { words, written, named: as(names), behind: as(hosts) };
    }),
  );
}

const ADDRESS = /[0-9a-f]*[.:][0-9a-f.:]*[0-9a-f](?:\/\d+)?/.source;
const ADDRESSES = new RegExp(`${ADDRESS}(?:, ${ADDRESS})*`, 'g');

/** What a mapping leads to: two that change places leave each server with what it had. */
const hostsIn = ({ owners }: Subject): ReadonlyMap<string, string> =>
  new Map(
    owners.flatMap(({ name, policy }) =>
      policy?.kind === 'gateway'
        ? policy.mappings.map(
            (one) => [printPrefix(one.outside), `${name}, inside ${printPrefix(one.inside)}`] as const,
          )
        : [],
    ),
  );

function namesIn({ owners }: Subject): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, policy } of owners) {
    if (policy?.kind === 'server') for (const address of policy.localAddresses) names.set(printAddress(address), name);
    // An address of a mapping is more than its virtual IP.
    if (policy?.kind === 'gateway')
      for (const [kind, all] of [
        ['virtual IP', policy.virtualIps],
        ['mapping', policy.mappings],
      ] as const)
        for (const one of all) names.set(printPrefix(one.outside), `${name}, ${kind} ${one.name}`);
  }
  return names;
}
