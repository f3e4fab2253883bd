// The devices of the sample nftables texts in this folder.

import { Device } from '../../../../lib/net/device';
import { host, port, router } from '../../../devices';

/** The devices of the texts in this folder. */
export const WILD_DEVICES: Readonly<Record<string, Device>> = {
  docker: router([port('eth0', 'outside', ['198.51.100.20/24']), port('docker0', 'inside', ['172.17.0.1/16'])]),
  'docker-nftables': router([
    port('eth0', 'outside', ['198.51.100.21/24']),
    port('br-web', 'inside', ['172.30.0.1/24']),
  ]),
  libvirt: router([port('eth0', 'outside', ['198.51.100.30/24']), port('virbr0', 'inside', ['192.168.122.1/24'])]),
  'libvirt-nftables': router([
    port('eth0', 'outside', ['198.51.100.31/24']),
    port('virbr0', 'inside', ['192.168.122.1/24']),
  ]),
  fail2ban: host(port('eth0', 'outside', ['198.51.100.40/24', '2001:db8:40::2/64'])),
  cpanel: host(port('eth0', 'outside', ['198.51.100.50/24', '2001:db8:50::2/64'])),
  'cpanel-el9': host(port('eth0', 'outside', ['198.51.100.51/24', '2001:db8:51::2/64'])),
  firewalld: host(port('eth0', 'outside', ['198.51.100.60/24', '2001:db8:60::2/64'])),
  'firewalld-public': router([
    port('eth0', 'outside', ['198.51.100.61/24', '2001:db8:61::2/64']),
    port('lan0', 'inside', ['10.0.0.1/24']),
  ]),
  handmade: router([
    port('enp1s0', 'outside', ['198.51.100.70/24']),
    port('lan0', 'inside', ['10.0.0.1/24']),
    port('dmz0', 'dmz', ['10.1.0.1/24']),
  ]),
  openwrt: router([
    port('wan0', 'outside', ['198.51.100.90/24', '2001:db8:90::2/64']),
    port('br-lan', 'inside', ['192.168.1.1/24', '2001:db8:91::1/64']),
  ]),
  csf: host(port('eth0', 'outside', ['198.51.100.80/24'])),
};
