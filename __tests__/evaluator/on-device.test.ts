// Tests nftables ingress chains that are bound to a device, such as a VLAN's parent: what is dropped by each interface.
// Evaluator and trace must agree.

import { parseAddress } from '../../lib/net/address';
import { findByLocation } from '../../lib/net/device';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { port, router } from '../devices';

const DEVICE = router([
  port('eth0', 'outside', ['198.51.100.2/24']),
  port('eth0.10', 'inside', ['10.0.0.1/24']),
  port('eth1', 'inside', ['10.0.1.1/24']),
]);

const ingress = (device: string): string =>
  `table netdev x {\n chain in {\n  type filter hook ingress device "${device}" priority 0; policy drop;\n  tcp dport 80 accept\n }\n}\n`;

/** The outcome of SSH to the router by each of its interfaces; asserts that the trace agrees. */
function listDispositions(text: string): readonly string[] {
  const { reachability, explain } = parser.read(text, DEVICE);
  return ['eth0', 'eth0.10', 'eth1'].map((name) => {
    const vantage = { kind: 'interface', name } as const;
    const packet = {
      source: parseAddress('192.0.2.5')!,
      destination: parseAddress('10.0.0.1')!,
      protocol: 6,
      port: 22,
      sourcePort: 40_000,
    };
    const disposition = findByLocation(reachability.views, vantage)!.dispositions.findValue(packet)?.is ?? 'denied';
    expect(explain(vantage, packet).disposition).toBe(disposition);
    return disposition;
  });
}

// VLANs can't be made where these tests run; net/core/dev.c shows that nf_ingress comes before vlan_do_receive.
it.each([
  ['eth0', ['denied', 'unknown', 'allowed']],
  ['eth*', ['denied', 'denied', 'denied']],
  ['eth0.10', ['allowed', 'denied', 'allowed']],
])('packets that come by a VLAN may have met the chain of the device below: %s', (device, wanted) => {
  expect(listDispositions(ingress(device))).toEqual(wanted);
});
