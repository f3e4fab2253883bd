// Lowers a gateway's policy to an nftables table: 1:1 translations, and forward and input chains with the allow rules.
// Its hooks and first rules are shared with the table that stands in for a release (lower-closed-gateway.ts).

import { toRange } from '../../../../net/address';
import { GatewayPolicy } from '../../../../policy/policy';
import { refuseIfAny } from '../../../../problems/problem';
import { checkAliases } from '../../../../generate/netfilter/device-addresses';
import {
  getInternalRanges,
  listOutsideInterfaces,
  getPublicRanges,
} from '../../../../generate/netfilter/gateway-networks';
import { splitMapping, sortParts } from '../../../../generate/mapping-parts';
import { canPairSides, checkPolicy } from '../../../../generate/check-policy';
import { checkMappingParts } from '../../../../generate/check-mapping-parts';
import { capabilities } from '../../capabilities';
import { ACCEPT, NftChain, DROP, NftHook, NftMatch, NftRule, NftTable } from '../nft-table';
import { toTableName } from '../nft-names';
import { createSessionRules } from '../lower-clause';
import { NftSetBuilder } from '../nft-set-builder';
import { createDispatch } from './allow-rule-dispatch';
import { groupAllowRules } from './group-allow-rules';
import { createHairpinRules } from './hairpin';
import { AllowChains, createComment } from './allow-chains';
import { createInboundRules, createOutboundRules } from './translation-rules';

export const FORWARD_HOOK: NftHook = { type: 'filter', hook: 'forward', priority: 'filter - 10', policy: 'accept' };
export const INPUT_HOOK: NftHook = { type: 'filter', hook: 'input', priority: 'filter - 10', policy: 'accept' };
export const PREROUTING_HOOK: NftHook = { type: 'nat', hook: 'prerouting', priority: 'dstnat - 10', policy: 'accept' };
export const POSTROUTING_HOOK: NftHook = {
  type: 'nat',
  hook: 'postrouting',
  priority: 'srcnat - 10',
  policy: 'accept',
};

/**
 * Returns the table of a gateway. The order of mappings in the policy changes nothing.
 * @throws Refusal with every part of the policy that nftables can't implement
 */
export function lowerGateway(policy: GatewayPolicy): NftTable {
  const problemList = [...checkPolicy(policy, capabilities), ...checkAliases(policy, capabilities)];
  const mappings = policy.mappings.filter((mapping) => canPairSides(mapping, capabilities.gateway));
  const parts = sortParts(mappings.flatMap(splitMapping), 'external');
  problemList.push(...checkMappingParts(policy, parts, capabilities));
  const name = toTableName(policy.owner, 'gw');
  const groups = groupAllowRules(parts, problemList);
  refuseIfAny(problemList);

  const sets = new NftSetBuilder();
  const chains = new AllowChains(sets);
  const publicAddresses = getPublicRanges(policy);
  if (publicAddresses.length === 0) return { name, sets: [], maps: [], chains: createEmptyChains(policy) };
  const publicSet = sets.addAddressSet('public', 'ip', publicAddresses);
  const blockingRules = createDirectRules(policy, sets);
  const hostDispatch = createDispatch(groups, chains, sets);
  const answers = createAnswerRules(policy, chains, sets);
  const inboundTranslation = createInboundRules(parts, sets);
  const outboundTranslation = createOutboundRules(parts, sets);

  const toPublic: NftMatch = { is: 'address', family: 'ip', field: 'daddr', values: { is: 'set', name: publicSet } };
  const throughPublic: NftMatch = { ...toPublic, field: 'original daddr' };
  const dropUntranslated: NftRule = { matches: [toPublic], verdict: DROP, comment: 'not translated' };
  return {
    name,
    sets: sets.list,
    maps: [...inboundTranslation.maps, ...outboundTranslation.maps, ...hostDispatch.maps],
    chains: [
      ...chains.list,
      { name: 'c_public', rules: hostDispatch.rules },
      { name: 'c_prerouting', hook: PREROUTING_HOOK, rules: inboundTranslation.rules },
      {
        name: 'c_postrouting',
        hook: POSTROUTING_HOOK,
        rules: [...createHairpinRules(parts, policy.interfaces, publicSet), ...outboundTranslation.rules],
      },
      {
        name: 'c_forward',
        hook: FORWARD_HOOK,
        rules: [
          ...createSessionRules(policy.establishedSessions),
          { matches: [throughPublic], verdict: { is: 'jump', chain: 'c_public' } },
          dropUntranslated,
          ...blockingRules,
        ],
      },
      {
        name: 'c_input',
        hook: INPUT_HOOK,
        rules: [
          { matches: [{ is: 'loopback', direction: 'in' }], verdict: ACCEPT },
          ...createSessionRules(policy.establishedSessions),
          ...answers,
          dropUntranslated,
          // An unmanaged redirect may translate from a public address of the policy to the gateway's own services.
          { matches: [throughPublic], verdict: DROP, comment: 'redirected to the gateway' },
        ],
      },
    ],
  };
}

/**
 * Returns the chains of an owner without mappings. It keeps them: without the last NAT table, sessions through other
 * tables would reset.
 */
export const createEmptyChains = ({ establishedSessions }: GatewayPolicy): readonly NftChain[] => [
  { name: 'c_prerouting', hook: PREROUTING_HOOK, rules: [] },
  { name: 'c_postrouting', hook: POSTROUTING_HOOK, rules: [] },
  { name: 'c_forward', hook: FORWARD_HOOK, rules: createSessionRules(establishedSessions) },
];

/** Returns rules that drop packets which come from outside straight to a mapped host, past its public address. */
export function createDirectRules(policy: GatewayPolicy, sets: NftSetBuilder): readonly NftRule[] {
  const hosts = getInternalRanges(policy);
  if (hosts.length === 0) return [];
  return [
    {
      matches: [
        { is: 'interface', direction: 'in', names: listOutsideInterfaces(policy) },
        {
          is: 'address',
          family: 'ip',
          field: 'daddr',
          values: { is: 'set', name: sets.addAddressSet('inside', 'ip', hosts) },
        },
      ],
      verdict: DROP,
      comment: 'past the public address',
    },
  ];
}

/** Returns the rules for services of the gateway itself on a VIP. */
export function createAnswerRules(policy: GatewayPolicy, chains: AllowChains, sets: NftSetBuilder): readonly NftRule[] {
  return policy.virtualIps.flatMap((virtualIp): readonly NftRule[] => {
    const chain = virtualIp.answers.entries.length === 0 ? undefined : chains.findOrAdd(virtualIp.answers);
    if (chain === undefined) return [];
    const virtualIpSet = { is: 'set', name: sets.addAddressSet('vip', 'ip', [toRange(virtualIp.external)]) } as const;
    return [
      {
        matches: [{ is: 'address', family: 'ip', field: 'daddr', values: virtualIpSet }],
        verdict: { is: 'jump', chain },
        comment: createComment('answers', virtualIp.name),
      },
    ];
  });
}
