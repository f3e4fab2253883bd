// Finds virtual IPs of kind `other` in an on-link network: no device answers ARP for them.

import { toRange } from '../../net/address';
import { getSubnets } from '../../net/device';
import { covers } from '../../net/range';
import { GatewayPolicy, VirtualIp } from '../../policy/policy';
import { createVirtualIpFinder } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { MANUAL } from '../source-documents';

export const vipUnanswered: LintRule = {
  code: 'nat/vip-unanswered',
  severity: 'warning',
  title: 'No host answers for a virtual IP of the on-link network',
  decidedBy: 'intent',
  explanation: {
    why: "In a network that the gateway shares with the provider's router, the router asks by ARP who has an address. A virtual IP of kind `other` doesn't answer: nothing ever arrives.",
    when: 'Found where a virtual IP of kind `other` lies in a network of its interface. Where the provider routes a part of that network to the gateway, it is right: acknowledge it.',
    remedy: 'Kind `proxy-arp` or `ip-alias`; `other` is for prefixes that are routed to the gateway.',
    source: MANUAL,
  },
  find: createVirtualIpFinder(findUnansweredVips, (prefixes) => ({
    what: `${prefixes} is in the gateway's own outside network, and the kind "other" answers no ARP request for it: the router before it can't deliver.`,
    instead: 'Kind proxy-arp or ip-alias; or a route of the provider that leads it to the gateway, acknowledged.',
  })),
};

function findUnansweredVips({ virtualIps, interfaces }: GatewayPolicy): readonly VirtualIp[] {
  return virtualIps.filter(({ kind, external, interface: interfaceName }) => {
    const ownInterface = interfaces.find(({ name }) => name === interfaceName);
    return (
      kind === 'other' &&
      ownInterface !== undefined &&
      getSubnets(ownInterface).some((network) => covers(network, toRange(external)))
    );
  });
}
