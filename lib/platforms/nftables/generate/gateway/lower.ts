import { prefixRange } from '../../../../net/address';
import { GatewayPolicy } from '../../../../policy/policy';
import { refuseIfAny } from '../../../../problems/problem';
import { refusedAliases } from '../../../../generate/netfilter/addresses';
import { insideRanges, outsideNames, publicRanges } from '../../../../generate/netfilter/gateway';
import { partsOf, sortedBy } from '../../../../generate/parts';
import { pairsUp, refused } from '../../../../generate/refuse';
import { refusedParts } from '../../../../generate/refuse-parts';
import { capabilities } from '../../capabilities';
import { ACCEPT, Chain, DROP, Hook, Match, Rule, Table } from '../model';
import { tableName } from '../names';
import { sessionRules } from '../rules';
import { Sets } from '../sets';
import { dispatch } from './dispatch';
import { openGroups } from './groups';
import { hairpin } from './hairpin';
import { OpenChains, comment } from './open-chains';
import { inbound, outbound } from './translation';

export const FORWARD: Hook = { type: 'filter', on: 'forward', priority: 'filter - 10', policy: 'accept' };
export const INPUT: Hook = { type: 'filter', on: 'input', priority: 'filter - 10', policy: 'accept' };
export const PREROUTING: Hook = { type: 'nat', on: 'prerouting', priority: 'dstnat - 10', policy: 'accept' };
export const POSTROUTING: Hook = { type: 'nat', on: 'postrouting', priority: 'srcnat - 10', policy: 'accept' };

/** Throws Refusal with every wish that nftables can't meet. The order of mappings in the policy changes nothing. */
export function lowerGateway(policy: GatewayPolicy): Table {
  const found = [...refused(policy, capabilities), ...refusedAliases(policy, capabilities)];
  const mappings = policy.mappings.filter((mapping) => pairsUp(mapping, capabilities.gateway));
  const parts = sortedBy(mappings.flatMap(partsOf), 'outside');
  found.push(...refusedParts(policy, parts, capabilities));
  const name = tableName(policy.owner, 'gw');
  const groups = openGroups(parts, found);
  refuseIfAny(found);

  const sets = new Sets();
  const chains = new OpenChains(sets);
  const ranges = publicRanges(policy);
  if (ranges.length === 0) return { name, sets: [], maps: [], chains: emptyChains(policy) };
  const publics = sets.addressSet('public', 'ip', ranges);
  const directs = directRules(policy, sets);
  const opened = dispatch(groups, chains, sets);
  const answers = answerRules(policy, chains, sets);
  const into = inbound(parts, sets);
  const out = outbound(parts, sets);

  const toPublic: Match = { is: 'address', family: 'ip', field: 'daddr', among: { is: 'set', name: publics } };
  const throughPublic: Match = { ...toPublic, field: 'original daddr' };
  const untranslated: Rule = { matches: [toPublic], verdict: DROP, comment: 'not translated' };
  return {
    name,
    sets: sets.all,
    maps: [...into.maps, ...out.maps, ...opened.maps],
    chains: [
      ...chains.all,
      { name: 'c_public', rules: opened.rules },
      { name: 'c_prerouting', hook: PREROUTING, rules: into.rules },
      {
        name: 'c_postrouting',
        hook: POSTROUTING,
        rules: [...hairpin(parts, policy.interfaces, publics), ...out.rules],
      },
      {
        name: 'c_forward',
        hook: FORWARD,
        rules: [
          ...sessionRules(policy.whenClosed),
          { matches: [throughPublic], verdict: { is: 'jump', chain: 'c_public' } },
          untranslated,
          ...directs,
        ],
      },
      {
        name: 'c_input',
        hook: INPUT,
        rules: [
          { matches: [{ is: 'loopback', way: 'in' }], verdict: ACCEPT },
          ...sessionRules(policy.whenClosed),
          ...answers,
          untranslated,
          // A redirect of somebody else may lead from our public address to the gateway's own services.
          { matches: [throughPublic], verdict: DROP, comment: 'redirected to the gateway' },
        ],
      },
    ],
  };
}

/** An owner without mappings keeps its chains: without the last NAT table, sessions through other tables would reset. */
export const emptyChains = ({ whenClosed }: GatewayPolicy): readonly Chain[] => [
  { name: 'c_prerouting', hook: PREROUTING, rules: [] },
  { name: 'c_postrouting', hook: POSTROUTING, rules: [] },
  { name: 'c_forward', hook: FORWARD, rules: sessionRules(whenClosed) },
];

/** From outside straight to a mapped host, past its public address. */
export function directRules(policy: GatewayPolicy, sets: Sets): readonly Rule[] {
  const inside = insideRanges(policy);
  if (inside.length === 0) return [];
  return [
    {
      matches: [
        { is: 'interface', way: 'in', names: outsideNames(policy) },
        {
          is: 'address',
          family: 'ip',
          field: 'daddr',
          among: { is: 'set', name: sets.addressSet('inside', 'ip', inside) },
        },
      ],
      verdict: DROP,
      comment: 'past the public address',
    },
  ];
}

/** What the gateway itself answers on a VIP. */
export function answerRules(policy: GatewayPolicy, chains: OpenChains, sets: Sets): readonly Rule[] {
  return policy.virtualIps.flatMap((vip): readonly Rule[] => {
    const chain = vip.answers.entries.length === 0 ? undefined : chains.of(vip.answers);
    if (chain === undefined) return [];
    const among = { is: 'set', name: sets.addressSet('vip', 'ip', [prefixRange(vip.outside)]) } as const;
    return [
      {
        matches: [{ is: 'address', family: 'ip', field: 'daddr', among }],
        verdict: { is: 'jump', chain },
        comment: comment('answers', vip.name),
      },
    ];
  });
}
