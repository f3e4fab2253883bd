// Lowers a gateway's policy to pfSense's entries: virtual IPs, 1:1 NAT, filter rules and aliases. Refuses a policy
// that pfSense or this box can't express.

import { toRange, getFamily } from '../../../net/address';
import { groupBy } from '../../../net/group-by';
import { Range, compareValues, mergeRanges } from '../../../net/range';
import { GatewayPolicy, AllowRules, VirtualIp } from '../../../policy/policy';
import { Problem, refuseIfAny } from '../../../problems/problem';
import { toAllowRulesKey } from '../../../generate/allow-rule-keys';
import { MappingPart, splitMapping, toPeersKey } from '../../../generate/mapping-parts';
import { isOnGateway, canPairSides } from '../../../generate/check-policy';
import { checkMappingParts } from '../../../generate/check-mapping-parts';
import { capabilities } from '../capabilities';
import { AliasBuilder } from './aliases';
import { UnmanagedBox } from './unmanaged-box';
import { checkBox, checkUnmanagedEntries, resolveInterfaces } from './check-box';
import { PfsenseEntries, PfsenseRule, PfsenseRuleScope } from './pfsense-entries';
import { EntryNames } from './entry-names';
import { NumberedPart, createOneToOnes } from './create-one-to-ones';
import { AllowTarget, AllowRuleBuilder } from './allow-rules';
import { checkOverlaps } from './check-overlaps';
import { planReflections } from './plan-reflections';
import { checkOwnAddresses, checkVirtualIp } from './check-addresses';
import { createVirtualIpEntries } from './create-virtual-ips';

/**
 * Returns the entries of a gateway policy. The order of mappings in the policy changes nothing. `problems` holds the
 * problems that are known already.
 *
 * @throws Refusal with every part of the policy that pfSense, or this box, can't express.
 */
export function lowerGateway(
  policy: GatewayPolicy,
  box: UnmanagedBox,
  captured: boolean,
  problems: Problem[],
): PfsenseEntries {
  checkBox(policy, box, problems);
  const interfaces = resolveInterfaces(policy, box, problems);
  const getKey = (name: string): string => interfaces.get(name)?.key ?? name;
  for (const vip of policy.virtualIps) checkVirtualIp(vip, policy, problems);
  const mappings = policy.mappings.filter((mapping) => canPairSides(mapping, capabilities.gateway));
  // A disabled mapping stays as a disabled entry, split like an enabled one.
  const parts = mappings.flatMap((mapping) =>
    splitMapping(mapping.enabled ? mapping : { ...mapping, enabled: true }).map((part) => ({ ...part, mapping })),
  );
  const active = parts.filter(({ mapping }) => mapping.enabled);
  checkOwnAddresses(parts, policy, problems);
  problems.push(...checkMappingParts(policy, active, capabilities));
  if (captured) checkUnmanagedEntries(policy, active, box, getKey, problems);
  const reflected = planReflections(policy, box, captured, (name) => interfaces.get(name), problems);
  checkOverlaps(active, reflected.sourcesChange, problems);

  const names = new EntryNames(policy.owner, box.taken);
  const aliases = new AliasBuilder(names);
  const openings = new AllowRuleBuilder(names, aliases, problems);
  const everywhere = box.interfaces.filter(({ enabled }) => enabled).map(({ key }) => key);
  const floating = createFloatingRules(policy, everywhere, openings, aliases, getKey);
  const filtered = createOutsideRules(policy, active, openings, aliases, getKey);
  refuseIfAny(problems);
  return {
    owner: policy.owner,
    virtualIps: sortVirtualIps(policy.virtualIps).flatMap((vip) =>
      createVirtualIpEntries(vip, getKey(vip.interface), names),
    ),
    oneToOnes: createOneToOnes(numberParts(parts, getKey, reflected.getReflection), names, aliases),
    rules: [...floating, ...filtered],
    aliases: aliases.list,
    helper: reflected.needsHelper,
  };
}

const sortVirtualIps = (vips: readonly VirtualIp[]): readonly VirtualIp[] =>
  [...vips].sort((a, b) => compareValues(a.external.first, b.external.first) || compareValues(a.name, b.name));

function numberParts(
  parts: readonly MappingPart[],
  getKey: (name: string) => string,
  getReflection: (mapping: MappingPart['mapping']) => NumberedPart['reflection'],
): readonly NumberedPart[] {
  const counts = new Map<MappingPart['mapping'], number>();
  for (const { mapping } of parts) counts.set(mapping, (counts.get(mapping) ?? 0) + 1);
  const numbersByMapping = new Map<MappingPart['mapping'], number>();
  return parts.map((part) => {
    const { mapping } = part;
    const number = (numbersByMapping.get(mapping) ?? 0) + 1;
    numbersByMapping.set(mapping, number);
    return {
      part,
      key: getKey(mapping.interface),
      number: counts.get(mapping) === 1 ? undefined : number,
      reflection: getReflection(mapping),
    };
  });
}

/**
 * Returns the allow rules for virtual IPs that the box answers itself, then a drop of every packet that reaches a
 * virtual IP or a mapped address untranslated.
 */
function createFloatingRules(
  policy: GatewayPolicy,
  interfaceKeys: readonly string[],
  openings: AllowRuleBuilder,
  aliases: AliasBuilder,
  getKey: (name: string) => string,
): readonly PfsenseRule[] {
  const hasSeveralUplinks = policy.interfaces.filter(({ role }) => role === 'outside').length > 1;
  // The rules name each interface: `any` would also match the packets that the box sends to itself.
  const allInterfaces: PfsenseRuleScope = { is: 'floating', key: interfaceKeys.join(',') };
  const groups = groupSorted(
    policy.virtualIps.filter((vip) => isOnGateway(vip) && vip.answers.entries.length > 0),
    ({ answers, interface: on }) => [hasSeveralUplinks ? getKey(on) : '', toAllowRulesKey(answers)],
  );
  const answers = groups.flatMap((vips) => {
    const answering = pickFirstByName(vips.map((vip) => vip.answers));
    const target: Omit<AllowTarget, 'on'> = {
      allowRules: answering,
      peers: { is: 'anywhere' },
      destination: {
        is: 'alias',
        name: aliases.addUnshared(`${answering.name}_answers`, mergeIpv4Ranges(vips.map(({ external }) => external))),
      },
    };
    // The box adds reply-to on the virtual IP's own interface; with several uplinks the reply could leave by another
    // one.
    const scopes: readonly PfsenseRuleScope[] = hasSeveralUplinks
      ? [{ is: 'floating', key: getKey(vips[0]!.interface) }, allInterfaces]
      : [allInterfaces];
    return scopes.flatMap((on) => openings.createRules({ ...target, on }));
  });
  const publics = mergeIpv4Ranges([...policy.virtualIps, ...policy.mappings].map(({ external }) => external));
  if (publics.length === 0) return answers;
  const publicAddresses = { is: 'alias', name: aliases.addUnshared('public', publics) } as const;
  return [...answers, openings.createDrop(allInterfaces, 'untranslated', publicAddresses, 'not translated')];
}

/**
 * Returns the rules on outside interfaces: allow rules for mapped hosts by their inside addresses, then a drop of
 * everything else to them.
 */
function createOutsideRules(
  policy: GatewayPolicy,
  parts: readonly MappingPart[],
  openings: AllowRuleBuilder,
  aliases: AliasBuilder,
  getKey: (name: string) => string,
): readonly PfsenseRule[] {
  const inside = mergeIpv4Ranges(policy.mappings.map((mapping) => mapping.internal));
  if (inside.length === 0) return [];
  const outside = new Set(policy.interfaces.filter(({ role }) => role === 'outside').map(({ name }) => getKey(name)));
  for (const { mapping } of parts) outside.add(getKey(mapping.interface));
  const opening = parts.filter(({ mapping }) => mapping.allowRules.entries.length > 0);
  const groups = groupSorted(opening, ({ mapping, peers }) => [
    getKey(mapping.interface),
    toAllowRulesKey(mapping.allowRules),
    toPeersKey(peers),
  ]);
  return [...outside].flatMap((key) => {
    const on: PfsenseRuleScope = { is: 'interface', key };
    const groupsOfInterface = groups.filter(([first]) => getKey(first!.mapping.interface) === key);
    const allowRules = groupsOfInterface.flatMap((group) => {
      const named = pickFirstByName(group.map(({ mapping }) => mapping.allowRules));
      const hosts = aliases.addUnshared(`${named.name}_hosts`, mergeIpv4Ranges(group.map((part) => part.internal)));
      return openings.createRules({
        on,
        allowRules: named,
        peers: group[0]!.peers,
        destination: { is: 'alias', name: hosts },
      });
    });
    const endpoint = { is: 'alias', name: aliases.addUnshared('inside', inside) } as const;
    return [...allowRules, openings.createDrop(on, 'nothing-else', endpoint, 'nothing else to mapped hosts')];
  });
}

/** Groups items with equal keys; the result is sorted by key, not by the order of the items. */
const groupSorted = <T>(items: readonly T[], listKeys: (item: T) => readonly string[]): readonly (readonly T[])[] =>
  [...groupBy(items, (item) => listKeys(item).join('\n'))]
    .sort(([a], [b]) => compareValues(a, b))
    .map(([, group]) => group);

const pickFirstByName = (openings: readonly AllowRules[]): AllowRules =>
  openings.reduce((first, candidate) => (candidate.name < first.name ? candidate : first));

const mergeIpv4Ranges = (prefixes: readonly { readonly first: bigint; readonly length: number }[]): readonly Range[] =>
  mergeRanges(
    (prefixes as readonly VirtualIp['external'][]).filter(({ first }) => getFamily(first) === 'ip').map(toRange),
  );
