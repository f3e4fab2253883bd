// Explanations of the codes that begin with a platform, such as pfsense/…: policies that this platform can't implement.
// docs/reference/errors/platforms.md is made of them.
import { ExplanationPage } from './explanation-page';

export const platformExplanations: ExplanationPage = {
  name: 'platforms',
  title: "Policies that a platform can't implement: nftables/…, pfsense/… and the like",
  introduction:
    '`PLATFORM` stands for any of them. A device gets exactly what the intent says, or the intent is refused. [What each platform can do](docs/reference/platforms.md).',
  explanations: {
    'PLATFORM/alias-is-own-address':
      "A virtual IP is an address that the gateway's interface has already. Use a further address; the gateway's own can't be mapped.",
    'PLATFORM/answers-not-local':
      "With `proxy-arp` and `other` the gateway doesn't have the address, so `answers` has no effect. Use `ip-alias` or `carp`.",
    'PLATFORM/carp': "The platform has no CARP. Use `ip-alias` on one gateway; failover isn't part of this package.",
    'PLATFORM/carp-single':
      'A CARP group is for a single address. Make the others `ip-alias`, or have the block routed.',
    'PLATFORM/destination-restriction':
      'The platform translates for any peer or none. Leave `destination` out, or use a platform that has it.',
    'PLATFORM/disabled': "The platform can't switch reflection off for one mapping. Use the mode that it has.",
    'PLATFORM/exclusion-of-inside': 'The platform translates a subnet whole. Write mappings for the parts.',
    'PLATFORM/exclusion-of-peers':
      "The platform can't leave out peers, such as a VPN, within a mapping. Use another platform, or mappings for the other peers.",
    'PLATFORM/gateway-only':
      'The platform has no server firewall. A `CpanelServer` takes nftables, iptables, firewalld, csf or APF.',
    'PLATFORM/inbound-only':
      'The platform always translates both ways. Map another address, or use a platform that has `inboundOnly`.',
    'PLATFORM/inside-is-public':
      "Internal addresses overlap with the gateway's public ones, so rules couldn't tell translated packets apart. Use private addresses.",
    'PLATFORM/inside-is-the-gateway':
      "An internal address is the gateway's own, often the first of a subnet. Exclude it, or map a smaller prefix.",
    'PLATFORM/interface-name': "The name would be a pattern in a rule, or be cut. Write the device's own name.",
    'PLATFORM/ip-alias':
      "The platform can't add an address to its interface. Have it routed, or use a kind that the platform has.",
    'PLATFORM/ipv6-mapping':
      "IPv6 isn't translated. Add the public IPv6 address to the server's `addresses`; its profile applies.",
    'PLATFORM/ipv6-server':
      "This firewall doesn't filter IPv6, so the server would be open there. Remove its IPv6 address, or use another platform.",
    'PLATFORM/ipv6-virtual-ip':
      'Virtual IPs are for mappings, which are IPv4. Servers announce their own IPv6 addresses.',
    'PLATFORM/nat-proxy':
      'The platform has no proxy for reflection. Use `pure-nat`, which also keeps the real source in logs.',
    'PLATFORM/other': "The platform can't take an unannounced address. Use a kind that it has.",
    'PLATFORM/outbound':
      "This firewall can't limit outgoing connections without breaking others. Leave `outbound` at `'anywhere'`.",
    'PLATFORM/own-public':
      "`onServer: true` needs a translation on the server, which this firewall can't do. Leave it out: the gateway's reflection serves the server, too.",
    'PLATFORM/own-public-families':
      "A public address and its local one have different families. Correct the mapping's addresses.",
    'PLATFORM/owner-name':
      "The owner's name is too long for the platform. Choose a shorter one; after the first delivery that is a new owner, with a `DecommissionedOwner` for the old one.",
    'PLATFORM/ports-of-protocol':
      "The platform can't compare this protocol's ports. Open the protocol whole, or use another platform.",
    'PLATFORM/ports-without-protocol': 'This protocol has no ports. Open it whole, from listed sources if possible.',
    'PLATFORM/protocol':
      "The platform's files know TCP, UDP and ICMP. Open another protocol for a peer by a line of your own in the file of allowed peers: [csf](docs/how-to/platforms/csf.md), [APF](docs/how-to/platforms/apf.md).",
    'PLATFORM/proxy-arp':
      "The platform can't answer ARP for other addresses. Put them on its interface, or have the block routed.",
    'PLATFORM/pure-nat':
      "The platform can't reflect by rules. Use another mode, or `disabled` with names that resolve to private addresses inside.",
    'PLATFORM/replaces':
      "`replaces` isn't safe on this platform, but on nftables and firewalld, and on csf for firewalld. Otherwise put what the old firewall opens into the profile, stop it by hand, then deliver.",
    'PLATFORM/server-only':
      "The platform is a single server's firewall. A `Gateway` takes nftables, iptables or pfSense.",
    'PLATFORM/source-ports':
      "A rule here has room for one port, so the source port can't be limited. Leave it open; only outgoing traffic is wider.",
    'PLATFORM/subnets': 'The platform maps single addresses. Make a mapping for each.',
    'PLATFORM/surroundings': '`capturedConfig` is for platforms with one configuration file, as pfSense. Leave it out.',
    'PLATFORM/system-default': "The platform has no such default, or it isn't known. Write `pure-nat` or `disabled`.",
    'PLATFORM/too-many-aliases':
      'So many addresses on one interface slow the device down. Use `proxy-arp`, or have the block routed.',
    'PLATFORM/too-many-lines':
      'Each line is loaded as a rule, so a restart would take minutes with the server open. Use larger networks, or nftables.',
    'PLATFORM/two-inside-addresses':
      'Two servers want packets for one public address and peer. Remove the old mapping, or give each a `destination`.',
    'PLATFORM/two-outside-addresses':
      "Two mappings translate this host's own connections. Set `inboundOnly: true` on one.",
    'PLATFORM/unaligned': "A prefix doesn't begin at its first address. Round it down, or map single addresses.",
    'PLATFORM/unequal-sides': 'The two sides of a mapping differ in size or family. Make several mappings.',
    'PLATFORM/unknown-interface':
      "Reflection needs an interface that the gateway doesn't have. Add it to `interfaces`, or correct `from`.",
    'apf/blocked':
      "APF checks allow lines before ban lines, so a ban of one port isn't possible. Put the source into `deny_hosts.rules`, which stays yours; that also ends the server's own sessions to it.",
    'apf/icmp-for-some':
      "APF allows each type of ICMP for any source or none. Let any source ping, or write `'nobody'`.",
    'apf/icmp-type-255': 'iptables takes ICMP type 255 for all types, redirects included. Correct the number.',
    'apf/inside-ping':
      "APF can't let only `trustedNetworks` ping. Let any source ping, or write `trustedConnections: 'listed'`.",
    'apf/one-family':
      'APF 2.0.2 has one port list for both families; one for a single family would open all ports during a refresh. Open the port to both families, or to networks.',
    'apf/version': 'APF 9.7 and 2.0.2 are generated for. Write the version of `cat /etc/apf*/VERSION`.',
    'csf/address':
      'csf drops a line with an address that it counts as its own. Write the networks around it, or a larger one.',
    'csf/blocked':
      "csf checks bans before established connections, so a ban on high ports drops answers to the server. List allowed sources instead, or keep passive FTP below the kernel's local ports.",
    'firewalld/icmp-type':
      'firewalld has no name for this type of ICMP. Use types that it has, or leave the types out.',
    'iptables/icmp-type-255': 'iptables takes ICMP type 255 for all types, redirects included. Correct the number.',
    'iptables/too-many-rules':
      'Mappings times interfaces times ranges make too many rules. Use fewer ranges, or nftables.',
    'nftables/too-many-shared-addresses':
      'Too many mappings share addresses and open different ports. Look for a block that is mapped twice.',
    'pfsense/address-in-use':
      'The box has this address by an unmanaged entry. Remove it on the box, then capture again.',
    'pfsense/filter-disabled':
      "The box's packet filter is off. Find out why; then switch it on, which puts all rules into force.",
    'pfsense/forward-past-filter':
      'A port forward with "Pass" leads to a mapped server without any rule. Give it a filter rule, or remove it; capture again.',
    'pfsense/high-availability':
      'The box copies its configuration to or from a partner, which would lose or split a release. Use a box that stands alone.',
    'pfsense/icmp-type':
      'pfSense has no name for this type of ICMP. Leave the types out, or use named ones; a ping is type 8.',
    'pfsense/inbound-only-alone':
      "pfSense's 1:1 entries translate both ways, so `inboundOnly` needs another entry for the host's own connections. Add a mapping without it.",
    'pfsense/inside-in-use':
      'An unmanaged 1:1 entry or port forward translates to this private address. Remove it, or import it.',
    'pfsense/interface-disabled':
      'The interface is off, so the box makes no rules for it. Enable it and capture again.',
    'pfsense/network-address':
      "The first and the last address of a network can't be on an interface. For a routed block write kind `other`, or `mask: 32`.",
    'pfsense/no-such-interface':
      'Interfaces are named by key (`wan`, `opt1`) or device (`igb0`). Capture the box again if the interface is new.',
    'pfsense/not-a-configuration':
      "`capturedConfig` isn't a configuration, often a path in place of its text. Use `readFileSync`. [Capture](docs/how-to/capture.md).",
    'pfsense/not-captured':
      'This is a whole backup, with secrets. Use `cpanel-edge capture`; if the backup was committed, change its secrets.',
    'pfsense/openings-differ':
      'pfSense filters after translation, so all mappings of a server open the same. Give them one list, or the server a second private address.',
    'pfsense/outside-in-use':
      'An unmanaged entry translates this public address. Remove it and capture again, or [import](docs/how-to/import-gateway.md) it.',
    'pfsense/outside-is-own-address':
      "This is the box's own public address, for its VPN and management. Use another address.",
    'pfsense/port-forward-wins':
      'A port forward takes a port of this address before the 1:1 entry. Remove it and capture again, or use another address.',
    'pfsense/port-zero': 'pfSense drops packets of port 0. For all ports write `1-65535`.',
    'pfsense/protocol': 'pfSense has no name for this protocol. Open it by a rule of your own on the box.',
    'pfsense/proxy-arp-without-address':
      'The interface needs an address in the network that it answers ARP for. Add it, or have the block routed.',
    'pfsense/reflection-differs':
      'The switch for reflection works by private address, so all mappings of one server are reflected or none. Change one of them.',
    'pfsense/reflection-from':
      'pfSense reflects from all interfaces without a gateway, or from none. Write the list of the message.',
    'pfsense/reflection-helper':
      "Client and server share a subnet, so the box has to translate the client's source, by one switch for all entries. Set `globalHelper: true`, or use names that resolve to the private address.",
    'pfsense/strange-mark':
      "The captured config has a mark that this package doesn't write, so it was edited. Capture again.",
    'pfsense/system-default':
      "The box's setting for reflection isn't known, or contradicts the rest. Write `pure-nat` or `disabled`.",
    'pfsense/two-inside-addresses':
      'Two entries want packets of one public address for the same peers. Give them different addresses or peers.',
    'pfsense/unnamed-uplink':
      'The box has another interface with a gateway, such as a backup line. Add it to `interfaces`.',
    'pfsense/version':
      "This version isn't known. Write it as the box's dashboard does; a newer release needs a newer cpanel-edge.",
    'pfsense/version-differs':
      'Intent and captured config name different versions. Capture again and correct `version`.',
    'pfsense/vhid-in-use': 'A CARP group of this number is on the network already. Choose a free one.',
  },
};
