// The devices of the sample iptables texts in this folder.

import { Device } from '../../../../lib/net/device';
import { WILD_DEVICES } from '../../nftables/wild/devices';
import { host, port, router } from '../../../devices';

/** The devices of the texts in this folder. Some are those of the nftables texts, whose truth files hold here too. */
export const IPTABLES_DEVICES: Readonly<Record<string, Device>> = {
  ...Object.fromEntries(['docker', 'libvirt', 'fail2ban', 'cpanel', 'csf'].map((name) => [name, WILD_DEVICES[name]!])),
  ufw: host(port('eth0', 'outside', ['198.51.100.44/24', '2001:db8:44::2/64'])),
  k3s: router([port('eth0', 'outside', ['198.51.100.46/24']), port('cni0', 'inside', ['10.42.0.1/24'])]),
  tailscale: router([
    port('eth0', 'outside', ['198.51.100.50/24', '2001:db8:50::2/64']),
    port('tailscale0', 'inside', ['100.101.102.103/32', 'fd7a:115c:a1e0::1/128']),
  ]),
  shorewall: router([port('eth0', 'outside', ['198.51.100.45/24']), port('eth1', 'inside', ['10.10.0.1/24'])]),
  apf: host(port('eth0', 'outside', ['198.51.100.47/24', '2001:db8:47::2/64'])),
  admin: host(port('eth0', 'outside', ['198.51.100.48/24', '2001:db8:48::2/64'])),
  'both-back-ends': host(port('eth0', 'outside', ['198.51.100.49/24', '2001:db8:49::2/64'])),
};
