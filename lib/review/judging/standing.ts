import { Findings } from '../../lint/lint';
import { lintRules } from '../../lint/rules';
import { Subject } from '../../lint/subject';
import { printAddress, printPrefix } from '../../net/address';

/** Of everything but notes, whether it was found in whatever state the devices are before the change. A device without a release of ours has none. */
export function withStood(found: Findings, after: Subject, before: () => readonly (readonly [Subject, Findings])[]): Findings {
  const isAsked = (at: number): boolean => lintRules[at]!.severity !== 'note';
  if (!found.some((each, at) => isAsked(at) && each.length > 0)) return found;
  const known = before().map(([subject, findings]) => keysOf(subject, findings));
  const keys = keysOf(after, found);
  return found.map((each, at) => {
    const ofRule = known.map((one) => new Set(one[at]!.flat()));
    return isAsked(at)
      ? each.map((one, nth) => ({ ...one, stood: ofRule.length > 0 && ofRule.every((had) => keys[at]![nth]!.some((key) => had.has(key))) }))
      : each;
  });
}

/**
 * What makes two findings one: rule, place and words, these also with names in place of our own addresses. What anybody reaches at a mapping was
 * reached before it got another address; whom else it lets in, or by which port, is another thing, and so is what another server has.
 */
function keysOf(subject: Subject, findings: Findings): readonly (readonly (readonly string[])[])[] {
  const names = namesIn(subject);
  const named = (text: string): string => text.replace(ADDRESS, (address) => names.get(address) ?? address);
  return findings.map((each) =>
    each.map(({ where, what }) =>
      [
        [where, what],
        [named(where), named(what)],
      ].map((key) => JSON.stringify(key)),
    ),
  );
}

const ADDRESS = /[0-9a-f]*[.:][0-9a-f.:]*[0-9a-f](?:\/\d+)?/g;

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
