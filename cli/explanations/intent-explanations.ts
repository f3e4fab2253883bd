// Explanations of the codes intent/…: wrong values in the props of gateways, servers, profiles and mappings.
// docs/reference/errors/intent.md is made of them.
import { ExplanationPage } from './explanation-page';

export const intentExplanations: ExplanationPage = {
  name: 'intent',
  title: 'Intents that are refused: intent/…',
  introduction: '',
  explanations: {
    'intent/administrators-unset':
      "SSH, WHM, MySQL and the like are for administrators, so the profile's `sources` and `'anywhere'` don't count for them. Give the service its own `from`, or let a preset bring it: then `management.from` applies.",
    'intent/all-excluded':
      '`exclude` takes out all internal addresses or all peers of the mapping. Take out less, or write `enabled: false` to keep the mapping for later.',
    'intent/anywhere-in-list':
      "`'anywhere'` stands alone, not in a list. Write it in place of the list, or remove it from the list.",
    'intent/anywhere-refused':
      "Any address can't be meant here, and a source set can't have that name. Write the prefixes or the word that the message names.",
    'intent/bad-address':
      "Only one spelling is taken: no leading zeros, no masks, no ranges, no host names. Write addresses in full, prefixes with their length, and a name's address of today.",
    'intent/bad-fact':
      'Facts of a server are written by `cpanel-edge capture`, and this one was edited or is of another version. Capture the server again.',
    'intent/bad-host':
      "The host is one word for ssh: an address or a name, IPv6 without brackets. User, port and jump host are fields of the connection. A name whose last label is a number (`10.0.0.256`) isn't taken.",
    'intent/bad-host-key':
      "The text isn't a whole host key: cut short, a fingerprint (`SHA256:…`), another type before it, or a line of known_hosts with its host. Copy what `cat /etc/ssh/ssh_host_ed25519_key.pub` prints on the device.",
    'intent/bad-interface-name':
      "Write the name as `ip -o link` prints it, without what follows `@`; on pfSense the key (`wan`, `opt1`) or the device. Patterns and loopback aren't taken.",
    'intent/bad-lease':
      '`adopt` takes an owner token as a device prints it. Copy it from `cpanel-edge verify DEVICE` or from `device/foreign-lease`.',
    'intent/bad-name':
      'A name becomes a Terraform resource and a table or chain on the device, so it has only characters that all of them take. Give the construct a `name` if its id has to stay.',
    'intent/bad-path':
      "The path of a private key on the runner, absolute or beginning with `~/`, without quotes or a leading `-`. Relative paths aren't taken, since `deploy` and `verify` start in different folders; the key itself never stands here.",
    'intent/bad-port':
      'A port is a number or a range in a text, `8000` or `"8000-8010"`, with its protocol, `"8443/tcp"`. Several are a list, not a text with commas; service names belong to another field.',
    'intent/bad-user':
      'The user is a plain login name, as it also stands in sudoers; a domain user needs a local account. Users other than root need one run of `cpanel-edge bootstrap --user NAME`.',
    'intent/bad-variable':
      "This field names the environment variable with the agent's socket, not its path. Write `SSH_AUTH_SOCK`, or the name that your runner uses.",
    'intent/bad-version':
      "The version is a number of the device: `nft --version`, `iptables --version`, `firewall-cmd --version`, `/etc/version` on pfSense. The first two numbers have to match: 1.0.6 fits 1.0.9, not 1.1.3. Versions outside of the [platform's range](docs/reference/platforms.md), such as nft before 0.9.8, are refused.",
    'intent/carp-missing':
      'A CARP group needs its number (`vhid`). Choose one that no other CARP or VRRP group on that network has.',
    'intent/carp-without-effect':
      "CARP settings have no effect on an address of another kind. Write `kind: 'carp'`, or remove them.",
    'intent/control-characters':
      "The text has a line break or an invisible character. Type it anew; for a file write `readFileSync('web1.pub', 'utf8').trim()`.",
    'intent/cpnat-bad-page':
      "`build_cpnat` asks this page for the server's address. Write a plain address without a password, whose answer is the address alone.",
    'intent/cpnat-ipv6':
      "`/var/cpanel/cpnat` has IPv4 pairs only, since IPv6 isn't translated. Leave IPv6 out. [cPanel's public addresses](docs/how-to/cpnat.md).",
    'intent/cpnat-nobody-translates':
      "`cpnat: {}` takes pairs from the mappings of this app, and no mapping fits: those with `inboundOnly` or `destination` don't count. If a gateway of another app translates, write the pairs.",
    'intent/cpnat-not-local':
      "A pair begins with an address of the server, the private one: `{ local: '10.0.0.10', public: '203.0.113.10' }`. Check whether the sides are swapped, or add the address to `addresses`.",
    'intent/cpnat-off-with-more': 'NAT mode off means that no `/var/cpanel/cpnat` exists. Remove the other fields.',
    'intent/cpnat-passive-closed':
      "The profile closes some of the FTP server's passive ports, so some transfers would hang. Open exactly the range that the FTP server is told.",
    'intent/cpnat-passive-elsewhere':
      'No mapping translates this passive FTP address to the server. Write a public address of its mappings, or leave it out for the first one.',
    'intent/cpnat-several':
      'Two gateways translate one local address to different public ones, and cPanel takes one. Set `inboundOnly` on the other mapping.',
    'intent/cpnat-twice':
      'cPanel takes one public address for each local one, and ignores the second. Give servers that share a public address a mapping and an address each.',
    'intent/duplicate':
      'Two things have one name; the message names the other place. In a helper function build the name from its arguments.',
    'intent/duplicate-opening':
      'The list has this entry twice. Remove one of them; a service that a preset brings already may stand beside it.',
    'intent/empty-list':
      "An empty list could mean nothing or everything. Leave the field out for its default, write `'anywhere'`, or write an entry.",
    'intent/empty-text':
      "The text is empty, often from an unset variable such as `process.env.X ?? ''`. Set it, or leave the field out for its default.",
    'intent/everything-as-prefix':
      "`0.0.0.0/0` and `::/0` are any address of one family. Write `'anywhere'`, which means both families.",
    'intent/exactly-one':
      'Exactly one of these two fields is needed. Look whether a helper or a spread brings the other.',
    'intent/exclusion-empty':
      '`exclude` needs internal addresses, peers, or both. To switch the mapping off, write `enabled: false`.',
    'intent/exclusion-outside':
      "The excluded addresses aren't among the mapping's internal ones. Check whether a public address stands in place of the private one.",
    'intent/families-differ':
      'IPv4 and IPv6 stand together where no packet can match both. Use one family; both ends of a health check (`witnesses`) have the same.',
    'intent/field-without-effect':
      'The field belongs to another kind of entry, such as ports for ICMP. Remove it, or correct the protocol.',
    'intent/host-bits-set':
      "An address with host bits could be one host or a network. Leave the length out for a host, or write the network's first address. Only `addresses` of interfaces and servers have both; there a length such as `185.44.10.0/2` lacks a digit.",
    'intent/host-keys-missing':
      "Without host keys another machine could take the device's place, so the check can't be switched off. `ssh-keyscan HOST` prints the keys; compare them on the console before you write them.",
    'intent/inside-is-gateway':
      "The mapping's internal address is the gateway's own, so the gateway would be open to the internet. Write the server's address; for services of the gateway use `answers` of [VirtualIp](docs/reference/constructs/virtual-ip.md).",
    'intent/inside-is-outside':
      'One address is internal in one mapping and external in another. Map each public address directly to its private one.',
    'intent/inside-missing':
      "The profile closes all that it doesn't open, so backups and monitoring need a decision. Write `trustedNetworks`, the networks that it leaves alone, or `'none'`. [CpanelServer](docs/reference/constructs/cpanel-server.md).",
    'intent/inside-not-behind':
      "The gateway reaches this internal address only by its default route, to the internet. Correct the length of the interface's `addresses`, or add the network to the `routes` of its interface. If `external` is behind an inside interface, the two are swapped.",
    'intent/inside-twice':
      "Two mappings translate this host's own connections. Set `inboundOnly: true` on one, or give each its own `destination`.",
    'intent/ipv6-mapping':
      "IPv6 isn't translated. Add the public IPv6 address to the server's `addresses`; its profile applies.",
    'intent/jump-to-itself':
      "The jump host is the device itself, by the same port, often by `Defaults`. Write `jump: 'none'` in its connection.",
    'intent/kind-needs-one-address':
      '`ip-alias` and `carp` take single addresses. For a block use `proxy-arp` on the wire, or `other` when it is routed to the gateway.',
    'intent/link-local':
      "Addresses of 169.254.0.0/16 and fe80::/10 aren't routed. Leave them out: those of IPv6 are taken into account, and one of IPv4 usually means that DHCP failed.",
    'intent/local-port':
      'This port (cPHulk, SpamAssassin, PowerDNS control) must not be reachable from outside. Write the ranges around it, as the message does. [Services](docs/reference/services.md).',
    'intent/management-missing':
      "A profile closes what it doesn't open, and the next delivery has to log in. Write `management` with sources and port of SSH, here or by [Defaults](docs/reference/constructs/defaults.md).",
    'intent/mask-differs':
      "The address doesn't fit into a network of length `mask`. Write the length of the wire's network, not a provider's `/32`, or leave it out for the interface's own.",
    'intent/masks-differ':
      "External and internal side have different sizes, and each address needs a partner. Use equal sizes; masquerading isn't part of this package.",
    'intent/missing':
      'This field has no default. `owner`, `platform`, `version`, `connection`, `trustedNetworks` and `management` may stand in [Defaults](docs/reference/constructs/defaults.md). The texts `undefined` and `null` count as missing: check the variable behind `${process.env.OWNER}`.',
    'intent/network-address':
      "The first and the last address of a network can't be a host. If the provider routes the block to you, write it as a routed public prefix.",
    'intent/network-differs':
      "Server and gateway interface give different lengths for one network. Correct the wrong one, also on the device. No length, `/32`, and networks behind `routes` aren't compared.",
    'intent/no-outside-interface':
      "No interface of the gateway is outside. Give the one to the internet `role: 'outside'`, or write `'wan: outside 203.0.113.2/24'`.",
    'intent/no-virtual-ip':
      "A public address on the gateway's wire has to answer ARP. Add a [VirtualIp](docs/reference/constructs/virtual-ip.md), or write `delivery: 'routed'` if the provider routes it to the gateway.",
    'intent/not-a-public-prefix':
      "The address isn't among the interface's `publicPrefixes`. Correct it, or add its prefix with `on-link` or `routed`. A virtual IP of kind `other` counts as routed.",
    'intent/not-an-address-of-server':
      "The mapping's internal address isn't one of the named server. Correct the mapping's `address`, or add it to the server.",
    'intent/not-an-outside-interface':
      'Public addresses are announced on outside interfaces. Name one, or correct its `role`.',
    'intent/not-in-range': "The number isn't whole or is out of range. The message has the first and the last value.",
    'intent/not-plain':
      'The value is a class instance, and only plain data can be verified. Pass its fields; constructs stand only in fields such as `virtualIp`, `gateway` and `profile`.',
    'intent/open-beside-profile':
      "A server's profile says what is open, for gateway and server alike. Write the entry in `extra` of the profile; `open` is for hosts that are no `CpanelServer`.",
    'intent/open-to-nobody':
      "The mapping is limited by `destination` or `exclude`, and what it opens is for other sources (or IPv6), so it matches no packet. Correct one of the two lists. Sources of a profile aren't checked.",
    'intent/outside-overlap':
      'Two mappings have the same external address. Give each server its own; a standby mapping has `enabled: false`.',
    'intent/port-zero':
      'Nothing listens on port 0, and several firewalls take it for every port. For all ports write `1-65535`.',
    'intent/ports-missing':
      "An entry of TCP, UDP or another protocol with ports needs `ports`. For all write `ports: '1-65535'`.",
    'intent/profile-for-subnet':
      'The profile of one server would apply to the whole mapped subnet. Map the server by its address, or write `profile` on the mapping for the whole subnet.',
    'intent/profile-missing':
      'A server needs a profile, which says what is open. Make a [CpanelFirewallProfile](docs/reference/constructs/cpanel-firewall-profile.md); servers can share it.',
    'intent/profiles-differ':
      'One mapping leads to servers whose profiles differ. Make a mapping for each server, or give them one profile.',
    'intent/protocol-missing':
      'A port number alone could be TCP or UDP. Write `"8443/tcp"`, and both where both are meant.',
    'intent/public-is-own-address':
      "This is the gateway's own public address; mapped, SSH and answers to its connections would go to the server. Use another address. Port forwards aren't part of this package.",
    'intent/public-on-other-interface':
      "The address belongs to the network of another interface. With two providers, each one's addresses stay with its interface. An address in an inside network is private: write it as `internal`; announcing it would take it from its host.",
    'intent/public-prefix-not-outside':
      "`publicPrefixes` belongs to outside interfaces. For public addresses of hosts behind the gateway use the inside interface's network or `routes`.",
    'intent/reflection-from-outside':
      'Reflection (hairpin NAT) is for hosts behind the gateway. Name inside, dmz or vpn interfaces, or leave `from` out for all inside and dmz ones.',
    'intent/reversed-range': 'The range ends before it begins. Swap the numbers, or add the missing digit.',
    'intent/same-network-twice':
      "Two interfaces have the same network, or one has a route to another's network. Correct the length or the copied address; for bridged interfaces list the bridge.",
    'intent/second-profile':
      'A server has one profile. Join the two, or use `extra` for what this server has beyond the shared one.',
    'intent/secret-as-value':
      "A secret in the intent would be in plan, state and repository. Write the path of the key's file, or use an agent. Replace a key that was committed.",
    'intent/server-address-unset':
      "The server has several IPv4 addresses, and a mapping needs one. Write `internal: { server, address: '10.0.0.10' }`.",
    'intent/set-in-set':
      "A source set holds addresses and prefixes, not sets. Name both sets where they are used: `from: ['office', 'partners']`.",
    'intent/sources-of-other-family':
      'All sources are of the other family than this ICMP or ICMPv6 entry. Add sources, or use the other ICMP; `ping` of a profile covers both.',
    'intent/sources-unset':
      "Nothing says who may reach the service. Write `sources` in the profile, or `from` on the service; `'anywhere'` fits the web, not SSH.",
    'intent/text-too-long': 'The text is longer than plans and devices keep. Write it shorter.',
    'intent/too-large':
      'A list or number is over a limit that catches loops. Split the owner or profile, or write larger prefixes.',
    'intent/types-missing':
      'ICMP needs `types`; all would include redirects. A ping is type 8, of ICMPv6 type 128, or `ping` of a profile. Errors that connections need pass anyway.',
    'intent/unknown-at-synth':
      "The value is a Terraform token, known only after the verification. Keep the value in the stack's environment and pass it to both resources, or split the stack and read the first one's output before the second is synthesized.",
    'intent/unknown-choice': 'The field takes the words in the message. Check spelling and case.',
    'intent/unknown-cpanel-version':
      "There is no port table of this cPanel version. Leave the field out for the default table; it doesn't say what is installed.",
    'intent/unknown-interface':
      'The gateway has no interface of this name. Add it to `interfaces`, or correct the name.',
    'intent/unknown-key':
      "The object has no field of this name; the message says if another place takes it. TypeScript doesn't see it in JSON or behind `as`.",
    'intent/unknown-mapping':
      "The gateway has no mapping of this name. A mapping's name is the construct's id unless `name` is set.",
    'intent/unknown-platform':
      "The platform doesn't exist or doesn't have this role: firewalld, csf and APF are for servers, pfSense for gateways. [Platforms](docs/reference/platforms.md).",
    'intent/unknown-server':
      "The server isn't known here. Make it with `new CpanelServer(…)` before what names it, or write an unmanaged host by its address.",
    'intent/unknown-service':
      'The name is neither a service (`https`, `imaps`) nor a preset. Write a port with its protocol, `"8443/tcp"`; for ping use `ping`, for others an object, `{ protocol: \'gre\' }`. [Services](docs/reference/services.md).',
    'intent/unknown-source-set':
      'The text is no address, and `sourceSets` of this gateway or profile has no set of this name. Define it there, or write the prefixes.',
    'intent/unknown-virtual-ip':
      'The gateway has no virtual IP of this name, or it is made later. Pass the `VirtualIp` itself where the field takes one.',
    'intent/unreadable': 'Reading the value runs code that failed. Copy the fields into a plain object.',
    'intent/unusable-address':
      'Multicast, loopback, broadcast and reserved addresses are never the other end of a connection. Correct the address.',
    'intent/virtual-ip-interface-unset':
      'The gateway has several outside interfaces, and the address belongs to one. Write `interface`.',
    'intent/virtual-ip-overlap':
      'Two virtual IPs hold one address. For a shared block make one virtual IP, and mappings with their own `external`.',
    'intent/witness-interface-unset':
      "The health check's source could arrive by several interfaces. Write `interface`.",
    'intent/wrong-type':
      'The value has another type than the field; the message says which. In TypeScript this comes through `any`, `as` or JSON.',
  },
};
