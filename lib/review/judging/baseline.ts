// Compares lint findings after a change with those before it, and marks the ones that stood before, so that a review
// objects only to new ones.

import { FindingsByRule } from '../../lint/lint';
import { lintRules } from '../../lint/rules';
import { LintSubject } from '../../lint/lint-subject';
import { printAddress, printPrefix } from '../../net/address';
import { groupBy } from '../../net/group-by';

/**
 * Returns the findings, each marked with whether every state before the change has it too. Notes aren't marked. A
 * device without a release of ours has no findings before.
 */
export function markBaseline(
  findingsByRule: FindingsByRule,
  after: LintSubject,
  getBefore: () => readonly (readonly [LintSubject, FindingsByRule])[],
): FindingsByRule {
  const isAsked = (ruleIndex: number): boolean => lintRules[ruleIndex]!.severity !== 'note';
  if (!findingsByRule.some((ruleFindings, ruleIndex) => isAsked(ruleIndex) && ruleFindings.length > 0))
    return findingsByRule;
  const keysBefore = getBefore().map(([subject, findings]) => createFindingKeys(subject, findings));
  const keysAfter = createFindingKeys(after, findingsByRule);
  return findingsByRule.map((ruleFindings, ruleIndex) => {
    if (!isAsked(ruleIndex)) return ruleFindings;
    const keysByText = keysBefore.map((key) => groupBy(key[ruleIndex]!, ({ words }) => words));
    const existedBefore = (key: FindingKey): boolean =>
      keysByText.length > 0 &&
      keysByText.every((earlierKeys) =>
        (earlierKeys.get(key.words) ?? []).some((earlierKey) => isNoMore(key, earlierKey)),
      );
    return ruleFindings.map((key, index) => ({ ...key, existedBefore: existedBefore(keysAfter[ruleIndex]![index]!) }));
  });
}

/** A finding for comparison: rule, place and message, with our own addresses cut out. */
interface FindingKey {
  readonly words: string;
  /**
   * The addresses that were cut out, list by list: as they are written, by the name of their mapping or server, and by
   * the host behind them.
   */
  readonly written: readonly (readonly string[])[];
  readonly named: readonly (readonly string[])[];
  readonly behind: readonly (readonly string[])[];
}

/**
 * Whether a finding is no more than an earlier one. An address is the same if a mapping only got another public
 * address, and a finding about fewer addresses holds for these already. Other sources, another port or another server
 * make another finding.
 */
const isNoMore = (key: FindingKey, earlierKey: FindingKey): boolean =>
  (['written', 'named', 'behind'] as const).some((form) =>
    // More addresses of one host than before are more.
    key[form].every(
      (addressList, index) =>
        addressList.length <= earlierKey[form][index]!.length &&
        addressList.every((address) => earlierKey[form][index]!.includes(address)),
    ),
  );

function createFindingKeys(subject: LintSubject, findings: FindingsByRule): readonly (readonly FindingKey[])[] {
  const [names, hosts] = [mapAddressNames(subject), mapAddressHosts(subject)];
  return findings.map((ruleFindings) =>
    ruleFindings.map(({ where, what }) => {
      const addressLists: string[][] = [];
      const text = JSON.stringify([where, what]).replace(ADDRESS_LIST_PATTERN, (addressText) => {
        const addresses = addressText.split(', ');
        if (!addresses.every((address) => names.has(address))) return addressText;
        addressLists.push(addresses);
        return '@';
      });
      const translateLists = (addressMap: typeof names): FindingKey['named'] =>
        addressLists.map((addresses) => addresses.map((address) => addressMap.get(address) ?? address));
      return { words: text, written: addressLists, named: translateLists(names), behind: translateLists(hosts) };
    }),
  );
}

const ADDRESS_PATTERN = /[0-9a-f]*[.:][0-9a-f.:]*[0-9a-f](?:\/\d+)?/.source;
const ADDRESS_LIST_PATTERN = new RegExp(`${ADDRESS_PATTERN}(?:, ${ADDRESS_PATTERN})*`, 'g');

/**
 * Returns the host behind each mapping's address. If two mappings swap their addresses, each server keeps what it had.
 */
const mapAddressHosts = ({ owners }: LintSubject): ReadonlyMap<string, string> =>
  new Map(
    owners.flatMap(({ name, policy }) =>
      policy?.kind === 'gateway'
        ? policy.mappings.map(
            (mapping) => [printPrefix(mapping.external), `${name}, inside ${printPrefix(mapping.internal)}`] as const,
          )
        : [],
    ),
  );

function mapAddressNames({ owners }: LintSubject): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, policy } of owners) {
    if (policy?.kind === 'server') for (const address of policy.localAddresses) names.set(printAddress(address), name);
    // Mappings overwrite virtual IPs, because a mapping says more about an address.
    if (policy?.kind === 'gateway')
      for (const [kind, entries] of [
        ['virtual IP', policy.virtualIps],
        ['mapping', policy.mappings],
      ] as const)
        for (const entry of entries) names.set(printPrefix(entry.external), `${name}, ${kind} ${entry.name}`);
  }
  return names;
}
