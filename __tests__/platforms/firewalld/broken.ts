import { Tree } from './daemon';

const CONF = 'DefaultZone=public\n';
const zone = (...items: readonly string[]): Tree => ({
  'firewalld.conf': CONF,
  'zones/public.xml': `<zone>\n${items.join('\n')}\n</zone>\n`,
});
const broken = (etc: Tree, code = 'firewalld/broken') => ({ etc, code });

/** Files with which firewalld 1.3.3 starts without any of them; each was tried. */
export const BROKEN: Readonly<Record<string, { readonly etc: Tree; readonly code: string }>> = {
  'no XML': broken({ ...zone(), 'zones/public.xml': '<zone>\n' }),
  'no XML in a service that nobody asks for': broken({ ...zone(), 'services/x.xml': '<service' }),
  'a port out of range': broken(zone('<port port="70000" protocol="tcp"/>')),
  'a protocol without ports': broken(zone('<port port="1" protocol="gre"/>')),
  'no such service': broken(zone('<service name="nobody"/>')),
  'no such set': broken(zone('<source ipset="nobody"/>')),
  'no such target': broken({ ...zone(), 'zones/public.xml': '<zone target="REJECT"/>\n' }),
  'one interface in two zones': broken({ ...zone('<interface name="eth0"/>'), 'zones/other.xml': '<zone><interface name="eth0"/></zone>' }),
  'one source in two zones': broken({
    ...zone('<source address="192.0.2.1"/>'),
    'zones/other.xml': '<zone><source address="192.0.2.1"/></zone>',
  }),
  'a long name': broken({ ...zone(), 'zones/eighteen-letters-x.xml': '<zone><interface name="eth5"/></zone>' }),
  'a policy of a zone that is not there': broken({
    ...zone(),
    'policies/p.xml': '<policy target="DROP"><ingress-zone name="nobody"/><egress-zone name="HOST"/></policy>',
  }),
  'a port that is forwarded nowhere': broken(zone('<forward-port port="1" protocol="tcp"/>')),
  'an attribute that is missing': broken(zone('<port port="1"/>')),
  'an attribute that nobody knows': broken(zone('<port port="1" protocol="tcp" if="eth0"/>'), 'firewalld/unexpected-text'),
  'an element that nobody knows': broken(zone('<ports/>'), 'firewalld/unexpected-text'),
  'a reset for what is no TCP': broken(zone('<rule family="ipv4"><port port="1" protocol="udp"/><reject type="tcp-reset"/></rule>')),
  'a service with a destination, to another': broken(
    zone('<rule family="ipv4"><destination address="192.0.2.1"/><service name="mdns"/><accept/></rule>'),
  ),
  'a type of the other family': broken(zone('<rule family="ipv4"><icmp-type name="packet-too-big"/><accept/></rule>')),
  'a set of the other family': broken({
    ...zone('<rule family="ipv6"><source ipset="x"/><accept/></rule>'),
    'ipsets/x.xml': '<ipset type="hash:ip"><entry>192.0.2.1</entry></ipset>',
  }),
};
