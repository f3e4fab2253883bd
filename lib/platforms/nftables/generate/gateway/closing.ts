import { prefixRange } from '../../../../net/address';
import { groupBy } from '../../../../net/group-by';
import { joined } from '../../../../net/range';
import { GatewayPolicy, VirtualIp } from '../../../../policy/policy';
import { refuseIfAny } from '../../../../problems/problem';
import { publicRanges } from '../../../../generate/netfilter/gateway';
import { managementAlone } from '../../../../generate/openings';
import { partsOf, peersKey } from '../../../../generate/parts';
import { refused } from '../../../../generate/refuse';
import { capabilities } from '../../capabilities';
import { ACCEPT, DROP, Match, Rule, Table } from '../model';
import { tableName } from '../names';
import { sessionRules } from '../rules';
import { Sets } from '../sets';
import { FORWARD, INPUT, POSTROUTING, PREROUTING, answerRules, directRules, emptyChains } from './lower';
import { OpenChains } from './open-chains';
import { peerMatch } from './translation';

/**
 * What stands in for a gateway's table: nothing comes in by its public addresses, nor goes on that began before, and nothing
 * leaves by them. The management of the gateway itself goes on where a VIP answers it. Throws Refusal as `lowerGateway`.
 */
export function closingGateway(policy: GatewayPolicy): Table {
  refuseIfAny(refused(policy, capabilities));
  const name = tableName(policy.owner, 'gw');
  const ranges = publicRanges(policy);
  const sets = new Sets();
  const chains = new OpenChains(sets);
  if (ranges.length === 0) return { name, sets: [], maps: [], chains: emptyChains(policy) };
  const among = { is: 'set', name: sets.addressSet('public', 'ip', ranges) } as const;
  const to = (field: 'daddr' | 'original daddr'): Rule => {
    const match: Match = { is: 'address', family: 'ip', field, among };
    return { matches: [match], verdict: DROP, comment: 'closed' };
  };
  const replies = sessionRules('cut');
  const answers = answerRules({ ...policy, virtualIps: policy.virtualIps.map(managed) }, chains, sets);
  const direct = [...leavingRules(policy, sets), ...directRules(policy, sets)];
  return {
    name,
    sets: sets.all,
    maps: [],
    chains: [
      ...chains.all,
      // Sessions through other tables would reset without the last of these.
      { name: 'c_prerouting', hook: PREROUTING, rules: [] },
      { name: 'c_postrouting', hook: POSTROUTING, rules: [] },
      { name: 'c_forward', hook: FORWARD, rules: [...replies, to('original daddr'), to('daddr'), ...direct] },
      {
        name: 'c_input',
        hook: INPUT,
        rules: [
          { matches: [{ is: 'loopback', way: 'in' }], verdict: ACCEPT },
          ...replies,
          ...answers,
          to('daddr'),
          to('original daddr'),
        ],
      },
    ],
  };
}

/** What would leave by its public address leaves by no other. */
function leavingRules(policy: GatewayPolicy, sets: Sets): readonly Rule[] {
  const leaving = policy.mappings.filter(({ inboundOnly }) => !inboundOnly).flatMap(partsOf);
  const groups = groupBy(leaving, ({ mapping, peers }) => `${mapping.interface} ${peersKey(peers)}`);
  return [...groups.values()].map((parts) => ({
    matches: [
      { is: 'interface', way: 'out', names: [parts[0].mapping.interface] },
      ...peerMatch(parts[0], 'out', sets),
      {
        is: 'address',
        family: 'ip',
        field: 'saddr',
        among: {
          is: 'set',
          name: sets.addressSet('leaving', 'ip', joined(parts.map(({ inside }) => prefixRange(inside)))),
        },
      },
    ],
    verdict: DROP,
    comment: 'closed',
  }));
}

const managed = (vip: VirtualIp): VirtualIp => ({ ...vip, answers: managementAlone(vip.answers) });
