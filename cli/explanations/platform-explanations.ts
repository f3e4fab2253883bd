// Explanations of the codes on docs/reference/errors/platforms.md.
import { ExplanationPage } from './explanation-page';

export const platformExplanations: ExplanationPage = {
  name: 'platforms',
  title: "What a platform can't do: nftables/…, pfsense/… and the like",
  introduction:
    '`PLATFORM` stands for any of them: a device gets exactly what was asked for or the wish is refused, as the nearest that it could do would open or close something else. [What each platform can](docs/reference/platforms.md).',
  explanations: {
    'PLATFORM/alias-is-own-address':
      "The gateway has this address on the interface itself, and a virtual IP would add it a second time; taken away again later, the gateway would lose it. A virtual IP is for further addresses. The gateway's own is never mapped, either, as it is how operators reach it.",
    'PLATFORM/answers-not-local':
      "`answers` lets the gateway itself answer on a public address. With `proxy-arp` and `other` the gateway passes packets on for the address but doesn't have it, so no service of its own can answer there. Take a kind that puts the address on the interface, for this one address.",
    'PLATFORM/carp':
      'CARP is a protocol of the BSDs by which two boxes share an address. This platform has none, so nobody would announce the address. Here one gateway has it as `ip-alias`; what a second box does when it fails is outside of this package.',
    'PLATFORM/carp-single':
      "A CARP group is announced by one address and one number. A block of addresses has no such group of its own: make one address the group's, and let the others be `ip-alias`, or let the provider route the block.",
    'PLATFORM/destination-restriction':
      'The mapping is for some peers alone, and this platform translates for everybody or for nobody. Without the restriction others would be let in and would see the server as somebody else. Map without `destination`, or use a platform that can.',
    'PLATFORM/disabled':
      "On this platform reflection can't be switched off for one mapping, so inside hosts would reach the public address after all. Take the mode that the platform has.",
    'PLATFORM/exclusion-of-inside':
      'A part of the inside was to be left untranslated, and this platform translates a subnet whole. Write mappings for the parts that are meant; two prefixes of one size each.',
    'PLATFORM/exclusion-of-peers':
      'Traffic with some peers was to be left untranslated, such as a VPN, and this platform has no way to say it within a 1:1 mapping. Without it that traffic would appear as the public address. Use a platform that can, or mappings for the other peers.',
    'PLATFORM/gateway-only':
      'The platform filters and translates for others, as a gateway, and has no firewall of a cPanel server to write. A `CpanelServer` takes the firewall that runs on the server itself: nftables, iptables, firewalld, csf or APF.',
    'PLATFORM/inbound-only':
      'The mapping was to let in and not to be used for what the host opens, and this platform translates both ways always. The host would go out by the wrong address. Take another address for it, or a platform that can.',
    'PLATFORM/inside-is-public':
      "The inside addresses overlap with public ones of the same gateway. Rules see one packet before and after its translation, and couldn't tell which they look at: something that wasn't translated could pass as if it was. Give the server private addresses, or no mapping.",
    'PLATFORM/inside-is-the-gateway':
      "One of the inside addresses is the gateway's own, mostly as the first of a mapped subnet. Ports that are opened for the servers would open the gateway to the internet. Exclude that address, or map a smaller prefix.",
    'PLATFORM/interface-name':
      "Names of interfaces go into rules as they are, and this one would be read there as a pattern or cut. Write the name that the device itself has; a connection's name in NetworkManager or a label in a web page is something else.",
    'PLATFORM/ip-alias':
      "This platform can't put a further address on its interface as part of a release. Have the address routed to it, or let it answer by the kind that the platform has.",
    'PLATFORM/ipv6-mapping':
      "No address of IPv6 is translated: there are enough, and the server has a public one itself. Add that to the server's `addresses`; its profile then opens the same ports on it, with no mapping at all.",
    'PLATFORM/ipv6-server':
      "This firewall doesn't filter IPv6, so with an IPv6 address the server would be open there whatever the profile says. Take the IPv6 address off the server if nobody uses it, or use another of the firewalls.",
    'PLATFORM/ipv6-virtual-ip':
      'A virtual IP is there to be mapped, and mappings are of IPv4. Servers behind the gateway announce their IPv6 addresses themselves, and the provider routes that network to the gateway.',
    'PLATFORM/nat-proxy':
      'In this mode of reflection the gateway itself opens the second connection, so servers see the gateway as the client of everybody. This platform has no such program for 1:1 mappings. `pure-nat` reaches the same hosts, and logs keep the real source.',
    'PLATFORM/other':
      "This platform can't pass packets on for an address that nobody announces. Let it answer for the address by the kind that it has.",
    'PLATFORM/outbound':
      "What the server may connect to was limited, and this firewall can't say it without cutting something else: answers, or everything. Leave `outbound` at `'anywhere'` there, or filter on the gateway or with another firewall.",
    'PLATFORM/own-public':
      "A reflection says `onServer: true`, the server's own processes reach its public addresses by a translation on the server itself, and this firewall translates nothing. Leave `onServer` out: then the reflection on the gateway does it for inside hosts and the server alike. cPanel must reach its own public addresses one way or the other. The refusal stands at the mapping or the reflection that says it.",
    'PLATFORM/own-public-families':
      'Each public address of the server leads to a local one of the same family; translation from one family to the other is another technique. The pair comes from a mapping, so look at the two addresses of that.',
    'PLATFORM/owner-name':
      "The owner's name tells on the device whose rules these are, inside of a name that the platform limits and cuts. A name that is cut could be another owner's. Choose a shorter one before the first delivery; changing it later means a new owner, and retiring the old one.",
    'PLATFORM/ports-of-protocol':
      "The protocol has ports, but rules of this platform can't compare them, so an opening of some would open all. Open the protocol whole, if that is acceptable, or use a platform that can.",
    'PLATFORM/ports-without-protocol':
      'Ports exist in TCP, UDP and a few more protocols; ESP, GRE and the like have none. Open such a protocol whole, for listed sources if possible.',
    'PLATFORM/protocol':
      "Lines of the platform's files are for TCP, UDP and ICMP. A tunnel's protocol, such as GRE or ESP, can only be opened for a peer as a whole, in a line of the file of allowed peers that you write and own. See [csf](docs/how-to/platforms/csf.md) and [APF](docs/how-to/platforms/apf.md).",
    'PLATFORM/proxy-arp':
      "This platform doesn't answer ARP for addresses that it doesn't have. Put single addresses on its interface, or have the block routed to it.",
    'PLATFORM/pure-nat':
      "This platform can't reflect connections of inside hosts by its rules. Take another mode that it has, or `disabled` and names that resolve to private addresses inside.",
    'PLATFORM/replaces':
      "`replaces` was asked of a platform on which it can't be safe. Rules of iptables go as another firewall stops: csf, and services that load rules, take all away. On nftables and firewalld ours stay, whatever stops; and platform csf takes the place of firewalld, whose table nothing of csf takes away. Otherwise put what that firewall opens into the profile, stop it by hand, then deliver.",
    'PLATFORM/server-only':
      'The platform is the firewall of one server: it has no public addresses of others and passes nothing on. A `Gateway` takes nftables, iptables or pfSense.',
    'PLATFORM/source-ports':
      "A connection was to be allowed only from one source port, as cPanel's licence check on 2089 has it, and a rule of this firewall has room for one port. Without it, allow where the connection goes to and leave the source port open; that is wider on the way out only.",
    'PLATFORM/subnets':
      'Several addresses were to be mapped as one block, and this platform maps one address at a time. Make a mapping for each.',
    'PLATFORM/surroundings':
      "`capturedConfig` is a capture of a device whose whole configuration is one file for everybody, as pfSense's is. On this platform an owner has tables, chains, files or lines of its own; all others are read on the device at each delivery.",
    'PLATFORM/system-default':
      "The mode means what the device does when nothing is said, and this platform has no such setting, or it isn't known. What is reachable must not depend on that: say `pure-nat` or `disabled`.",
    'PLATFORM/too-many-aliases':
      'Each address of the block would become an address of the interface, and hundreds of those make everything on the device slow. Whole blocks are announced as `proxy-arp`, or routed to the gateway by the provider.',
    'PLATFORM/too-many-lines':
      'The program loads each line as a rule of its own, so thousands make every restart last minutes, with the server open meanwhile. Use larger networks, or a platform that holds a list as one set, as nftables does.',
    'PLATFORM/two-inside-addresses':
      "For one public address and one peer, two servers want the packet, and the order of rules would decide. One of the two mappings is old, or they need `destination` with peers that don't overlap. For spreading load a load balancer is needed; a 1:1 mapping is none.",
    'PLATFORM/two-outside-addresses':
      "When this host opens a connection, two mappings say as whom it leaves. Mail servers depend on it, so it isn't left to chance: put `inboundOnly: true` on the mapping that is for incoming connections alone.",
    'PLATFORM/unaligned':
      'A prefix begins at its first address; written with another one, devices either refuse it or translate a neighbouring block. Round down to the network, or map the single addresses.',
    'PLATFORM/unequal-sides':
      'In a 1:1 mapping of blocks each public address has one private partner, in order, so both have to be of one size and one family. Make several mappings where the sizes differ.',
    'PLATFORM/unknown-interface':
      "Reflection translates the source of a neighbour to the gateway's address on that neighbour's interface, so the interface has to be known. Add it to the gateway's `interfaces`, or correct `from`.",
    'apf/blocked':
      'APF bans an address by refusing its packets wholly, sessions of the server to it too, and it asks lines that let in before lines that ban. So "everybody but these" can\'t be said for a single port. The list of bans itself, `deny_hosts.rules`, stays yours: what must not reach the server at all can stand there.',
    'apf/icmp-for-some':
      "APF has one switch for each type of ICMP, for everybody. Letting some ping and others not is beyond it. Mostly a ping from everywhere harms nobody; where it does, say `'nobody'`.",
    'apf/icmp-type-255':
      'iptables, which APF writes its rules for, takes the number 255 for every type. Opening it would open redirects and all else. No real message has this type, so the number is a slip.',
    'apf/inside-ping':
      "Hosts of `trustedNetworks` are left as they were, and whether they could ping the server until now isn't known here. APF can't let them and stop others. Let everybody ping, or say that inside hosts get what is listed and nothing else.",
    'apf/one-family':
      "APF 2.0.2 has one list of ports for both families. A line for everybody of one of them would say it, but while somebody refreshes APF's lists (`apf -e`), whoever has a line is let in to every port: here everybody would be. Open the port to both families, or to networks.",
    'apf/version':
      'Two versions of APF are written for, and they have other files, other keys, and rules of their own. `version` says which of them the server has: the first line that `cat /etc/apf*/VERSION` prints, as 9.7 or 2.0.2. One in between was never tried.',
    'csf/address':
      'csf drops a line on purpose when it has an address that it counts as its own, so the rule would be missing without a word. Write the networks around that address, or a larger one that holds it.',
    'csf/blocked':
      'csf asks its ban lines before it looks whether a packet answers something. A ban on high ports would therefore drop answers to connections that the server itself opens from these ports. Block such sources by listing who may come instead, or keep passive FTP below the ports that the kernel gives out.',
    'firewalld/icmp-type':
      'firewalld knows types of ICMP by names of its own and has none for this number. Rules without a name would have to be of its direct kind, which go around its zones. Name types that it has, or leave the types out.',
    'iptables/icmp-type-255':
      'iptables takes the number 255 for every type. Opening it would open redirects and all else. No real message has this type, so the number is a slip.',
    'iptables/too-many-rules':
      'iptables compares one range per rule here, and the number of rules is mappings times interfaces times ranges. Beyond this limit loading takes minutes and each packet waits. Fewer ranges help, and nftables, which asks a whole list at once.',
    'nftables/too-many-shared-addresses':
      'Mappings that share addresses and open different ports need a rule for each pair of addresses. With this many something is wrong in most cases: the same block is mapped twice, or the openings were meant to be equal. Give such mappings one list.',
    'pfsense/address-in-use':
      "The box answers on this address already, by an entry that isn't ours: an interface, a virtual IP, or another owner's. Two entries of one address would fight on the wire. Whoever has it has to give it up first, on the box; then capture it again, so that the proof knows.",
    'pfsense/filter-disabled':
      "Someone has switched the box's packet filter off, which turns it into a plain router: no rule and no translation of ours would do anything. Find out why before you switch it on, since everything that relies on its being off will meet rules again.",
    'pfsense/forward-past-filter':
      'A port forward with "Pass" lets its packets through without asking any rule. This one leads to a server that we map, so the server is reachable there whatever its profile says. Let it have a filter rule, or take it away, if the mapping does its work now.',
    'pfsense/high-availability':
      'One of a pair copies its configuration to the other one, by a program that knows nothing of releases. What is written to one box would be lost, or half of it would arrive, at a time nobody chooses. Use a box of its own for these addresses.',
    'pfsense/icmp-type':
      "pfSense's rules name types of ICMP by words, and this number has none there. Leave the types out, or open those that have names; a ping is type 8.",
    'pfsense/inbound-only-alone':
      'A 1:1 entry of pfSense always translates both ways. An entry that only lets in works only where another entry of the same host takes all that it sends, by being asked first. Say which address the host leaves as, by a mapping without `inboundOnly`.',
    'pfsense/inside-in-use':
      'Another 1:1 entry or port forward of the box leads to this private address already. Which of both decides as whom the server leaves would depend on their order. If it is the same server, take the old entry away, or import it, so that this package carries it on.',
    'pfsense/interface-disabled':
      'The box keeps entries of an interface that is off and makes no rules of them, so nothing would be open and nothing would say so. Enable it there and capture again, or name the interface that is really used.',
    'pfsense/network-address':
      "On an interface of the box the first and the last address of a network can't stand. Providers that hand out a routed block do let you use all of them: then it is not an address of an interface, so write `mask: 32` or kind `other`.",
    'pfsense/no-such-interface':
      'pfSense calls interfaces by keys (`wan`, `lan`, `opt1`) and by devices (`igb0`), and by the description that its pages show. Only the first two are names here. Where the interface is new, capture the box again.',
    'pfsense/not-a-configuration':
      "`capturedConfig` should be the box's configuration, and this text isn't. Mostly it is the path of the file in place of its content, or a file that was never filled. `readFileSync` reads it, [capture](docs/how-to/capture.md) makes it.",
    'pfsense/not-captured':
      'A whole backup of pfSense holds passwords, keys and certificates, and the text of a release is in plans and the state, where many can read it. `cpanel-edge capture` keeps what firewall rules need, and nothing secret. If the backup was committed, its secrets should be changed.',
    'pfsense/openings-differ':
      'pfSense filters after translation, when all that is left of a mapping is the private address. Two mappings of one server therefore open what either of them opens. Give both the same list, or the server a second private address, one for each.',
    'pfsense/outside-in-use':
      "The box translates this public address already, by an entry that isn't ours, and that would be asked first or be in the way. Take it away on the box and capture again. To carry on what people wrote there, [import](docs/how-to/import-gateway.md) it.",
    'pfsense/outside-is-own-address':
      "This is the box's own address on the internet. Mapped 1:1, its VPN, its management and answers to its own connections would go to the server. Ask for another public address.",
    'pfsense/port-forward-wins':
      "pf asks port forwards before 1:1 entries, so a port of this address goes where somebody else's port forward says, and not to the server. Take that port forward away, or use another address, and capture the box again.",
    'pfsense/port-zero':
      'pfSense drops packets of port 0 before any rule. A range that begins with 0 is mostly meant as all ports: `1-65535`.',
    'pfsense/protocol':
      "pfSense's rules name protocols by words of a list, and this number isn't in it. Tunnels that it does know are in the message. For others, all protocols of listed peers could be opened by a rule that you write on the box.",
    'pfsense/proxy-arp-without-address':
      'The box answers ARP for others out of the network that it is in itself, and without an address it is in none. Give the interface an address, or have the provider route the block to the box.',
    'pfsense/reflection-differs':
      "The switch that translates the source of reflected connections works by the server's private address, not by mapping. With one mapping reflected and the other not, clients of the second would appear as the box in the server's logs. Reflect both or none.",
    'pfsense/reflection-from':
      'pfSense has no list of interfaces for reflection: an entry is reflected from all that have no gateway set, or from none. What is written has to be what happens. The message has the list that the box would do.',
    'pfsense/reflection-helper':
      "Where client and server share a subnet, answers would go straight back past the box and be dropped, unless the box translates the client's source. It has one switch for that, for all entries, also of others. `globalHelper: true` allows it; names that resolve to the private address inside avoid it.",
    'pfsense/strange-mark':
      'A captured configuration carries a mark that says how it was made, and this one has none that this package writes. It was edited, or something else wrote it, and the proof would rest on it. Capture anew, and find out who changed the file.',
    'pfsense/system-default':
      "The mode leaves it to a setting of the box whether inside hosts reach public addresses, and either the setting isn't known here or it contradicts the rest of the reflection. Say what you want, `pure-nat` or `disabled`, and the setting no longer matters.",
    'pfsense/two-inside-addresses':
      "Two entries want packets of one public address for the same peers, and the box asks that which lets in only last. It would never get a packet. Give them different public addresses, or peers that don't overlap.",
    'pfsense/unnamed-uplink':
      'The box has a second way to the internet, such as a backup line or a tunnel with a gateway. What comes in there meets rules, too, and nobody would have looked at them. Add it to `interfaces`, also when nothing is mapped on it.',
    'pfsense/version':
      "The version decides which words and rules pfSense has, and this one isn't among those whose sources were read. Write it as the box's dashboard does. For a release that is newer than this package, look whether a newer version of cpanel-edge knows it.",
    'pfsense/version-differs':
      'The intent and the captured configuration speak of different releases of pfSense; one was made before an update. After an update, capture again and correct `version` together, so that the proof is of what runs.',
    'pfsense/vhid-in-use':
      "On this network a CARP group of this number is there already, on the box itself. Two groups of one number take each other's addresses. Pick a number that no box and no VRRP router on that wire uses.",
  },
};
