// Broken files, with any of which firewalld 1.3.3 starts without the administrator's configuration.

import { Tree } from './daemon';

const CONF = 'DefaultZone=public\n';
const zone = (...items: readonly string[]): Tree => ({
  'firewalld.conf': CONF,
  'zones/public.xml': `<zone>\n${items.join('\n')}\n</zone>\n`,
});
const broken = (etc: Tree, code = 'firewalld/broken') => ({ etc, code });

/** Files because of which firewalld 1.3.3 starts without the administrator's configuration; each was tried. */
export const BROKEN: Readonly<Record<string, { readonly etc: Tree; readonly code: string }>> = {
  'no XML': broken({ ...zone(), 'zones/public.xml': '<zone>\n' }),
  'invalid XML in an unused service': broken({ ...zone(), 'services/x.xml': '<service' }),
  'a port out of range': broken(zone('<port port="70000" protocol="tcp"/>')),
  'a protocol without ports': broken(zone('<port port="1" protocol="gre"/>')),
  'no such service': broken(zone('<service name="nobody"/>')),
  'no such set': broken(zone('<source ipset="nobody"/>')),
  'no such target': broken({ ...zone(), 'zones/public.xml': '<zone target="REJECT"/>\n' }),
  'one interface in two zones': broken({
    ...zone('<interface name="eth0"/>'),
    'zones/other.xml': '<zone><interface name="eth0"/></zone>',
  }),
  'one source in two zones': broken({
    ...zone('<source address="192.0.2.1"/>'),
    'zones/other.xml': '<zone><source address="192.0.2.1"/></zone>',
  }),
  'a source that C reads as octal': broken(zone('<source address="010.0.0.1"/>'), 'firewalld/unexpected-text'),
  'a long name': broken({ ...zone(), 'zones/eighteen-letters-x.xml': '<zone><interface name="eth5"/></zone>' }),
  'a policy of a zone that does not exist': broken({
    ...zone(),
    'policies/p.xml': '<policy target="DROP"><ingress-zone name="nobody"/><egress-zone name="HOST"/></policy>',
  }),
  'a forwarded port without a target': broken(zone('<forward-port port="1" protocol="tcp"/>')),
  'a missing attribute': broken(zone('<port port="1"/>')),
  'an unknown attribute': broken(zone('<port port="1" protocol="tcp" if="eth0"/>'), 'firewalld/unexpected-text'),
  'an unknown element': broken(zone('<ports/>'), 'firewalld/unexpected-text'),
  'a reset for a protocol other than TCP': broken(
    zone('<rule family="ipv4"><port port="1" protocol="udp"/><reject type="tcp-reset"/></rule>'),
  ),
  'a service with a destination, to another': broken(
    zone('<rule family="ipv4"><destination address="192.0.2.1"/><service name="mdns"/><accept/></rule>'),
  ),
  'a type of the other family': broken(zone('<rule family="ipv4"><icmp-type name="packet-too-big"/><accept/></rule>')),
  'a set of the other family': broken({
    ...zone('<rule family="ipv6"><source ipset="x"/><accept/></rule>'),
    'ipsets/x.xml': '<ipset type="hash:ip"><entry>192.0.2.1</entry></ipset>',
  }),
  'an ICMP type of another family than the set': broken({
    ...zone('<rule><source ipset="x"/><icmp-type name="packet-too-big"/><drop/></rule>'),
    'ipsets/x.xml': '<ipset type="hash:ip"><entry>192.0.2.1</entry></ipset>',
  }),
  'an unbound zone with a service that does not exist': broken({
    ...zone(),
    'zones/work.xml': '<zone><service name="nobody"/></zone>',
  }),
  'an unused service with an invalid port': broken({
    ...zone(),
    'services/x.xml': '<service><port port="70000" protocol="tcp"/></service>',
  }),
  'a set with overlapping entries': broken({
    ...zone(),
    'ipsets/x.xml': '<ipset type="hash:net"><entry>192.0.2.0/24</entry><entry>192.0.2.7</entry></ipset>',
  }),
  'a set of an unknown type': broken({ ...zone(), 'ipsets/x.xml': '<ipset type="hash:foo"/>' }),
  'a set with an unknown option': broken({
    ...zone(),
    'ipsets/x.xml': '<ipset type="hash:ip"><option name="counters" value="1"/></ipset>',
  }),
  'a name with a dot': broken({ ...zone(), 'services/my.svc.xml': '<service/>' }),
  'a policy with the name of a zone': broken({
    ...zone(),
    'policies/public.xml': '<policy target="DROP"><ingress-zone name="ANY"/><egress-zone name="HOST"/></policy>',
  }),
  'a policy of the host that masquerades': broken({
    ...zone(),
    'policies/p.xml':
      '<policy target="CONTINUE"><ingress-zone name="HOST"/><egress-zone name="ANY"/><masquerade/></policy>',
  }),
  'an empty port in a zone': broken(zone('<port port="" protocol="tcp"/>')),
  'an interface with a star': broken(zone('<interface name="eth*"/>')),
  'a target that JavaScript objects have': broken({ ...zone(), 'zones/public.xml': '<zone target="toString"/>\n' }),
  'white space before the declaration': broken({ ...zone(), 'zones/public.xml': ' <?xml version="1.0"?>\n<zone/>\n' }),
  'a helper that does not exist': broken({
    ...zone('<service name="x"/>'),
    'services/x.xml': '<service><helper name="nobody"/></service>',
  }),
};
