// Creates findings of lint rules: one for each owner, gateway, host, mapping or virtual IP, with its place in words.

import { toRange, printPrefix } from '../net/address';
import { groupBy } from '../net/group-by';
import { Range, mergeRanges } from '../net/range';
import { GatewayPolicy, Mapping, VirtualIp } from '../policy/policy';
import { printRangeList, printList, overlapsAny } from './addresses';
import { TranslatedHost } from './translated-hosts';
import { listGateways } from './owners';
import { LintFinder, Finding, FindingText } from './lint-rule';
import { LintSubject, SubjectOwner } from './lint-subject';
import { LintTarget } from './lint-targets';

/** Returns the place of a finding for people: the owner, and the profile, the mappings or the public addresses. */
export function printLocation({ name, policy }: SubjectOwner, addressRanges: readonly Range[]): string {
  if (policy?.kind === 'server') return `${name}, profile ${policy.allowRules.name}`;
  const mappings = policy ? findMappingNames(policy, addressRanges) : [];
  return `${name}, ${mappings.length > 0 ? printMappingNames(mappings) : printRangeList(addressRanges)}`;
}

const printMappingNames = (names: readonly string[]): string =>
  `${names.length === 1 ? 'mapping' : 'mappings'} ${printList(names)}`;

/** Returns the names of enabled mappings that have some of these public addresses, in their order. */
function findMappingNames({ mappings }: GatewayPolicy, addressRanges: readonly Range[]): readonly string[] {
  const ranges = mergeRanges(addressRanges);
  return mappings
    .filter(({ enabled, external }) => enabled && overlapsAny(ranges, toRange(external)))
    .map(({ name }) => name);
}

export const groupByOwner = (targets: readonly LintTarget[]): ReadonlyMap<SubjectOwner, readonly LintTarget[]> =>
  groupBy(targets, ({ owner }) => owner);

/** Returns one finding per owner, whatever the number of its targets. */
export const listOwnerFindings = (
  targets: readonly LintTarget[],
  describe: (targets: readonly LintTarget[], addressText: string) => FindingText,
): readonly Finding[] =>
  [...groupByOwner(targets)].map(([owner, ownerTargets]) => {
    const addressRanges = ownerTargets.flatMap((target) => target.addresses);
    return { where: printLocation(owner, addressRanges), ...describe(ownerTargets, printRangeList(addressRanges)) };
  });

/** Creates a finder with one finding per gateway that has matches. */
export const createGatewayFinder =
  <T>(
    find: (gateway: SubjectOwner, subject: LintSubject) => readonly T[],
    describe: (matches: readonly T[], gateway: SubjectOwner) => Finding,
  ): LintFinder =>
  (subject) =>
    listGateways(subject).flatMap((gateway) => {
      const matches = find(gateway, subject);
      return matches.length === 0 ? [] : describe(matches, gateway);
    });

/** Creates a finder for hosts behind a gateway, at their public addresses. */
export const createHostFinder = (
  find: (gateway: SubjectOwner, subject: LintSubject) => readonly TranslatedHost[],
  describe: (hosts: readonly TranslatedHost[], addressRanges: readonly Range[]) => FindingText,
): LintFinder =>
  createGatewayFinder(find, (hosts, gateway) => {
    const addressRanges = hosts.map(({ external }) => external);
    return { where: printLocation(gateway, addressRanges), ...describe(hosts, addressRanges) };
  });

/** Creates a finder for mappings of a gateway's policy, by their names. */
export const createMappingFinder = (
  find: (policy: GatewayPolicy, gateway: SubjectOwner, subject: LintSubject) => readonly Mapping[],
  describe: (mappings: readonly Mapping[]) => FindingText,
): LintFinder =>
  createGatewayFinder(
    (gateway, subject) => (gateway.policy?.kind === 'gateway' ? find(gateway.policy, gateway, subject) : []),
    (mappings, { name }) => ({
      where: `${name}, ${printMappingNames(mappings.map((mapping) => mapping.name))}`,
      ...describe(mappings),
    }),
  );

/** Creates a finder for virtual IPs of a gateway's policy, by their names. */
export const createVirtualIpFinder = (
  find: (policy: GatewayPolicy) => readonly VirtualIp[],
  describe: (external: string) => FindingText,
): LintFinder =>
  createGatewayFinder(
    ({ policy }) => (policy?.kind === 'gateway' ? find(policy) : []),
    (virtualIps, gateway) => {
      const addressRanges = virtualIps.map(({ external }) => toRange(external));
      return {
        where: `${gateway.name}, ${printVirtualIps(gateway, addressRanges)}`,
        ...describe(printList(virtualIps.map(({ external }) => printPrefix(external)))),
      };
    },
  );

/** Returns the place of a finding that holds for a whole owner. */
export const printOwner = ({ name, policy }: SubjectOwner): string =>
  policy?.kind === 'server' ? `${name}, profile ${policy.allowRules.name}` : name;

/** Returns the names of virtual IPs that have some of these addresses; the addresses if there are none. */
export function printVirtualIps({ policy }: SubjectOwner, addressRanges: readonly Range[]): string {
  const ranges = mergeRanges(addressRanges);
  const names =
    policy?.kind === 'gateway'
      ? policy.virtualIps.filter(({ external }) => overlapsAny(ranges, toRange(external))).map(({ name }) => name)
      : [];
  return names.length === 0
    ? printRangeList(addressRanges)
    : `${names.length === 1 ? 'virtual IP' : 'virtual IPs'} ${printList(names)}`;
}
