// Creates the nftables table that stands in for a gateway's release that can't be loaded: it closes all public
// addresses but the management.

import { toRange } from '../../../../net/address';
import { groupBy } from '../../../../net/group-by';
import { mergeRanges } from '../../../../net/range';
import { GatewayPolicy, VirtualIp } from '../../../../policy/policy';
import { refuseIfAny } from '../../../../problems/problem';
import { getPublicRanges } from '../../../../generate/netfilter/gateway-networks';
import { keepManagementRules } from '../../../../generate/allow-rule-keys';
import { splitMapping, toPeersKey } from '../../../../generate/mapping-parts';
import { checkPolicy } from '../../../../generate/check-policy';
import { capabilities } from '../../capabilities';
import { ACCEPT, DROP, NftMatch, NftRule, NftTable } from '../nft-table';
import { toTableName } from '../nft-names';
import { createSessionRules } from '../lower-clause';
import { NftSetBuilder } from '../nft-set-builder';
import {
  FORWARD_HOOK,
  INPUT_HOOK,
  POSTROUTING_HOOK,
  PREROUTING_HOOK,
  createAnswerRules,
  createDirectRules,
  createEmptyChains,
} from './lower-gateway';
import { AllowChains } from './allow-chains';
import { matchPeers } from './translation-rules';

/**
 * Returns the table that closes a gateway. Nothing comes in by its public addresses, and nothing leaves by them.
 * Established sessions end, too. The gateway can still be managed if a VIP answers management.
 * @throws Refusal as `lowerGateway`
 */
export function lowerClosedGateway(policy: GatewayPolicy): NftTable {
  refuseIfAny(checkPolicy(policy, capabilities));
  const name = toTableName(policy.owner, 'gw');
  const publics = getPublicRanges(policy);
  const sets = new NftSetBuilder();
  const chains = new AllowChains(sets);
  if (publics.length === 0) return { name, sets: [], maps: [], chains: createEmptyChains(policy) };
  const publicSet = { is: 'set', name: sets.addAddressSet('public', 'ip', publics) } as const;
  const createDropRule = (field: 'daddr' | 'original daddr'): NftRule => {
    const match: NftMatch = { is: 'address', family: 'ip', field, values: publicSet };
    return { matches: [match], verdict: DROP, comment: 'closed' };
  };
  const replyRules = createSessionRules('terminate');
  const answers = createAnswerRules({ ...policy, virtualIps: policy.virtualIps.map(keepManagement) }, chains, sets);
  const blockingRules = [...createLeavingRules(policy, sets), ...createDirectRules(policy, sets)];
  return {
    name,
    sets: sets.list,
    maps: [],
    chains: [
      ...chains.list,
      // Sessions through other tables would reset if the last of these chains went away.
      { name: 'c_prerouting', hook: PREROUTING_HOOK, rules: [] },
      { name: 'c_postrouting', hook: POSTROUTING_HOOK, rules: [] },
      {
        name: 'c_forward',
        hook: FORWARD_HOOK,
        rules: [...replyRules, createDropRule('original daddr'), createDropRule('daddr'), ...blockingRules],
      },
      {
        name: 'c_input',
        hook: INPUT_HOOK,
        rules: [
          { matches: [{ is: 'loopback', direction: 'in' }], verdict: ACCEPT },
          ...replyRules,
          ...answers,
          createDropRule('daddr'),
          createDropRule('original daddr'),
        ],
      },
    ],
  };
}

/** Returns rules that drop packets which would leave by a public address, so they leave by no other. */
function createLeavingRules(policy: GatewayPolicy, sets: NftSetBuilder): readonly NftRule[] {
  const leavingParts = policy.mappings.filter(({ inboundOnly }) => !inboundOnly).flatMap(splitMapping);
  const groups = groupBy(leavingParts, ({ mapping, peers }) => `${mapping.interface} ${toPeersKey(peers)}`);
  return [...groups.values()].map((parts) => ({
    matches: [
      { is: 'interface', direction: 'out', names: [parts[0].mapping.interface] },
      ...matchPeers(parts[0], 'out', sets),
      {
        is: 'address',
        family: 'ip',
        field: 'saddr',
        values: {
          is: 'set',
          name: sets.addAddressSet('leaving', 'ip', mergeRanges(parts.map(({ internal }) => toRange(internal)))),
        },
      },
    ],
    verdict: DROP,
    comment: 'closed',
  }));
}

const keepManagement = (virtualIp: VirtualIp): VirtualIp => ({
  ...virtualIp,
  answers: keepManagementRules(virtualIp.answers),
});
