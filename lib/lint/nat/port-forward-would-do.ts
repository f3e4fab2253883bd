import { prefixRange } from '../../net/address';
import { remembered } from '../../net/interned';
import { Range, joined, overlap, point } from '../../net/range';
import { GatewayPolicy, Mapping, Openings } from '../../policy/policy';
import { some, touchesAny } from '../addresses';
import { serversBehind } from '../hosts';
import { perGatewayOfMappings } from '../per-owner';
import { LintRule } from '../rule';
import { MANUAL } from '../sources';
import { SubjectOwner } from '../subject';
import { countOf, localTo } from '../../net/device';

export const portForwardWouldDo: LintRule = {
  code: 'nat/port-forward-would-do',
  severity: 'note',
  title: 'A port forward would do what this mapping does',
  decidedBy: 'intent',
  explanation: {
    why: 'A 1:1 NAT pays off with many ports or with an address to leave as. With a few ports inbound and no outbound address it only ties up a public address, and one careless rule opens the whole host.',
    when: 'Found for a mapping that is inbound only, opens fewer than five ports, and whose host is no managed server. cPanel servers need a 1:1 NAT whatever they open.',
    remedy:
      "Forward these ports from an address that others share. This package has no port forwards yet: write it beside, in the device's own rules.",
    source: MANUAL,
  },
  find: perGatewayOfMappings(
    (policy, gateway, subject) =>
      policy.mappings.filter(
        (one) =>
          isSmall(one) &&
          !leavesAsAny(policy, one) &&
          !touchesAny(addressesOf(serversBehind(subject, gateway)), prefixRange(one.inside)),
      ),
    (found) => ({
      what: `${some(found.map(({ name, openings }) => `${name} opens ${countPorts(openings)} ${countPorts(openings) === 1 ? 'port' : 'ports'} and gives no outbound address`))}: a port forward does that with less at stake.`,
      instead: "A port forward in the device's own rules; or the mapping for outbound connections, too.",
    }),
  ),
};

const MOST_PORTS = 4;

const addressesOf = remembered((servers: readonly SubjectOwner[]): readonly Range[] =>
  joined(servers.flatMap(({ device }) => localTo(device).map(point))),
);

const isSmall = ({ enabled, inboundOnly, openings }: Mapping): boolean =>
  enabled && inboundOnly && openings.entries.length > 0 && countPorts(openings) <= MOST_PORTS;

/** Whether another mapping gives the host an address to leave as: then this is its second public address. */
const leavesAsAny = ({ mappings }: GatewayPolicy, { inside }: Mapping): boolean =>
  mappings.some(
    (other) =>
      other.enabled && !other.inboundOnly && overlap(prefixRange(other.inside), prefixRange(inside)) !== undefined,
  );

const countPorts = remembered(({ entries }: Openings): number =>
  entries.reduce((sum, { ports }) => sum + (ports === 'all' ? Infinity : countOf(ports)), 0),
);
