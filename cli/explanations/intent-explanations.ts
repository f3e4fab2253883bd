// Explanations of the codes intent/…: wrong values in the props of gateways, servers, profiles and mappings.
// docs/reference/errors/intent.md is made of them.
import { ExplanationPage } from './explanation-page';

export const intentExplanations: ExplanationPage = {
  name: 'intent',
  title: 'Intents that are refused: intent/…',
  introduction: '',
  explanations: {
    'intent/administrators-unset':
      "SSH, WHM, MySQL and the like are for administrators, so the profile's `sources` don't count for them. Give the service its own `from`, or let a preset bring it: then `management.from` applies.",
    'intent/all-excluded':
      '`exclude` takes out all internal addresses or all peers. Take out less, or write `enabled: false` to keep the mapping for later.',
    'intent/anywhere-in-list': "`'anywhere'` stands alone. Write it in place of the list, or remove it.",
    'intent/anywhere-refused':
      "Any address can't be meant here, and a source set can't have that name. Write the prefixes.",
    'intent/bad-address':
      'Only one spelling is taken: no leading zeros, masks, ranges or host names. Write addresses in full, and prefixes with their length.',
    'intent/bad-fact':
      'The facts were edited, or are of another version. Capture the server again with `cpanel-edge capture`.',
    'intent/bad-host':
      "The host is one word for ssh: an address or a name, IPv6 without brackets. User, port and jump host are fields of their own. A name that ends in a number (`10.0.0.256`) isn't taken.",
    'intent/bad-host-key':
      "The text isn't a whole host key: cut short, a fingerprint (`SHA256:…`), or a line of known_hosts with its host. Copy what `cat /etc/ssh/ssh_host_ed25519_key.pub` prints on the device.",
    'intent/bad-interface-name':
      "Write the name as `ip -o link` prints it, without what follows `@`; on pfSense the key (`wan`) or the device. Patterns and loopback aren't taken.",
    'intent/bad-lease': '`adopt` takes an owner token as a device prints it. Copy it from `cpanel-edge verify DEVICE`.',
    'intent/bad-name':
      'A name becomes a Terraform resource and a chain on the device, which limits its characters. Give the construct a `name` if its id has to stay.',
    'intent/bad-path':
      'Write the path of a private key on the runner, absolute or beginning with `~/`, without quotes or a leading `-`.',
    'intent/bad-port':
      'A port is a number or a range in a text, `8000` or `"8000-8010"`, with its protocol, `"8443/tcp"`. Several are a list.',
    'intent/bad-user':
      'The user is a plain login name, as in sudoers. Users other than root need one run of `cpanel-edge bootstrap --user NAME`.',
    'intent/bad-variable':
      "This field names the environment variable with the agent's socket, not its path. Write `SSH_AUTH_SOCK`, or your runner's name for it.",
    'intent/bad-version':
      "Write the number that the device prints: `nft --version`, `iptables --version`, `firewall-cmd --version`, `/etc/version` on pfSense. It has to be in the [platform's range](docs/reference/platforms.md).",
    'intent/carp-missing':
      'A CARP group needs its number (`vhid`). Choose one that no other CARP or VRRP group on that network has.',
    'intent/carp-without-effect':
      "CARP settings have no effect on an address of another kind. Write `kind: 'carp'`, or remove them.",
    'intent/control-characters':
      "The text has a line break or an invisible character. Type it anew; trim what you read from a file: `readFileSync('web1.pub', 'utf8').trim()`.",
    'intent/cpnat-bad-page':
      "`build_cpnat` asks this page for the server's address. Write an address without a password, whose answer is the address alone.",
    'intent/cpnat-ipv6':
      "`/var/cpanel/cpnat` has IPv4 pairs only. Leave IPv6 out. [cPanel's public addresses](docs/how-to/cpnat.md).",
    'intent/cpnat-nobody-translates':
      "`cpnat: {}` takes pairs from this app's mappings, and none fits: `inboundOnly` and `destination` don't count. If another app's gateway translates, write the pairs.",
    'intent/cpnat-not-local':
      "A pair begins with the server's private address: `{ local: '10.0.0.10', public: '203.0.113.10' }`. Check whether the sides are swapped, or add the address to `addresses`.",
    'intent/cpnat-off-with-more': 'NAT mode off means that no `/var/cpanel/cpnat` exists. Remove the other fields.',
    'intent/cpnat-passive-closed':
      "The profile closes some of the FTP server's passive ports, so transfers would hang. Open exactly the range that the FTP server is told.",
    'intent/cpnat-passive-elsewhere':
      'No mapping translates this passive FTP address to the server. Write one of its public addresses, or leave it out for the first one.',
    'intent/cpnat-several':
      'Two gateways translate one local address to different public ones, and cPanel takes one. Set `inboundOnly` on the other mapping.',
    'intent/cpnat-twice':
      'cPanel takes one public address for each local one. Give servers that share a public address a mapping and an address each.',
    'intent/duplicate':
      'Two things have one name; the message names the other place. In a helper build the name from its arguments.',
    'intent/duplicate-opening':
      'The list has this entry twice. Remove one; a service that a preset brings may stand beside it.',
    'intent/empty-list':
      "An empty list could mean nothing or everything. Leave the field out, write `'anywhere'`, or write an entry.",
    'intent/empty-text':
      'The text is empty, often from an unset variable. Set it, or leave the field out for its default.',
    'intent/everything-as-prefix':
      "`0.0.0.0/0` and `::/0` are any address of one family. Write `'anywhere'` for both families.",
    'intent/exactly-one':
      'Exactly one of these two fields is needed. Look whether a helper or a spread brings the other.',
    'intent/exclusion-empty':
      '`exclude` needs internal addresses, peers, or both. To switch the mapping off, write `enabled: false`.',
    'intent/exclusion-outside':
      "The excluded addresses aren't among the mapping's internal ones. Check whether a public address stands in place of the private one.",
    'intent/families-differ':
      'IPv4 and IPv6 stand together where no packet can match both. Use one family, also for both ends of a health check.',
    'intent/field-without-effect':
      'The field belongs to another kind of entry, such as ports for ICMP. Remove it, or correct the protocol.',
    'intent/host-bits-set':
      "An address with host bits could be one host or a network. Leave the length out for a host, or write the network's first address. Only `addresses` of interfaces and servers have both.",
    'intent/host-keys-missing':
      "Without host keys another machine could take the device's place. `ssh-keyscan HOST` prints them; compare them on the console.",
    'intent/inside-is-gateway':
      "The mapping's internal address is the gateway's own, so the gateway would be open. Write the server's address; for services of the gateway use `answers` of [VirtualIp](docs/reference/constructs/virtual-ip.md).",
    'intent/inside-is-outside':
      'One address is internal in one mapping and external in another. Map each public address to its private one.',
    'intent/inside-missing':
      "The profile closes all that it doesn't open, backups and monitoring too. Write `trustedNetworks`, the networks that it leaves alone, or `'none'`. [CpanelServer](docs/reference/constructs/cpanel-server.md).",
    'intent/inside-not-behind':
      "The gateway reaches this internal address only by its default route. Correct the length of the interface's `addresses`, or add the network to its `routes`. Perhaps `internal` and `external` are swapped.",
    'intent/inside-twice':
      "Two mappings translate this host's own connections. Set `inboundOnly: true` on one, or give each its own `destination`.",
    'intent/ipv6-mapping':
      "IPv6 isn't translated. Add the public IPv6 address to the server's `addresses`; its profile applies.",
    'intent/jump-to-itself':
      "The jump host is the device itself, often by `Defaults`. Write `jump: 'none'` in its connection.",
    'intent/kind-needs-one-address':
      '`ip-alias` and `carp` take single addresses. For a block use `proxy-arp` on the wire, or `other` when it is routed.',
    'intent/link-local':
      "Addresses of 169.254.0.0/16 and fe80::/10 aren't routed. Leave them out: one of IPv4 usually means that DHCP failed.",
    'intent/local-port':
      'This port (cPHulk, SpamAssassin, PowerDNS control) must stay local. Write the ranges around it. [Services](docs/reference/services.md).',
    'intent/management-missing':
      "A profile closes all that it doesn't open, and the next delivery has to log in. Write `management` with sources and port of SSH, here or by [Defaults](docs/reference/constructs/defaults.md).",
    'intent/mask-differs':
      "The address doesn't fit into a network of length `mask`. Write the length of the wire's network, not a provider's `/32`, or leave it out.",
    'intent/masks-differ':
      'External and internal side have different sizes. Use equal ones: each address needs a partner.',
    'intent/missing':
      'This field has no default. `owner`, `platform`, `version`, `connection`, `trustedNetworks` and `management` may stand in [Defaults](docs/reference/constructs/defaults.md). The texts `undefined` and `null` count as missing: check the variable.',
    'intent/network-address':
      "The first and the last address of a network can't be a host. If the provider routes the block to you, write it as a routed public prefix.",
    'intent/network-differs':
      'Server and gateway interface give different lengths for one network. Correct the wrong one, also on the device.',
    'intent/no-outside-interface':
      "No interface of the gateway is outside. Write the one to the internet as `'wan: outside 203.0.113.2/24'`.",
    'intent/no-virtual-ip':
      "A public address on the gateway's wire has to answer ARP. Add a [VirtualIp](docs/reference/constructs/virtual-ip.md), or write `delivery: 'routed'` if the provider routes it.",
    'intent/not-a-public-prefix':
      "The address isn't among the interface's `publicPrefixes`. Correct it, or add its prefix with `on-link` or `routed`.",
    'intent/not-an-address-of-server':
      "The mapping's internal address isn't one of the server's. Correct the mapping's `address`, or add it to the server.",
    'intent/not-an-outside-interface':
      'Public addresses are announced on outside interfaces. Name one, or correct its `role`.',
    'intent/not-in-range': "The number isn't whole or is out of range. The message has the first and the last value.",
    'intent/not-plain': 'The value is a class instance, and only plain data can be verified. Pass its fields.',
    'intent/open-beside-profile':
      "A server's profile says what is open, for the gateway too. Write the entry in `extra` of the profile.",
    'intent/open-to-nobody':
      'The sources of what the mapping opens are outside of its `destination` or `exclude`, so it matches no packet. Correct one of the two lists.',
    'intent/outside-overlap':
      'Two mappings have one external address. Give each server its own; a standby mapping has `enabled: false`.',
    'intent/port-zero':
      'Nothing listens on port 0, and several firewalls take it for every port. For all write `1-65535`.',
    'intent/ports-missing': "An entry of a protocol with ports needs `ports`. For all write `ports: '1-65535'`.",
    'intent/profile-for-subnet':
      "One server's profile would apply to the whole mapped subnet. Map the server by its address, or write `profile` on the mapping.",
    'intent/profile-missing':
      'A server needs a profile, which says what is open. Make a [CpanelFirewallProfile](docs/reference/constructs/cpanel-firewall-profile.md); servers can share it.',
    'intent/profiles-differ':
      'One mapping translates to servers whose profiles differ. Make a mapping for each server, or give them one profile.',
    'intent/protocol-missing': 'A port number alone could be TCP or UDP. Write `"8443/tcp"`, or both.',
    'intent/public-is-own-address':
      "This is the gateway's own public address; mapped, SSH and answers to its connections would go to the server. Use another address.",
    'intent/public-on-other-interface':
      "The address belongs to another interface's network. Write it there; one of an inside network is private: write it as `internal`.",
    'intent/public-prefix-not-outside':
      "`publicPrefixes` belongs to outside interfaces. For public addresses of hosts behind the gateway use the inside interface's network or `routes`.",
    'intent/reflection-from-outside':
      'Reflection (hairpin NAT) is for hosts behind the gateway. Name inside, dmz or vpn interfaces, or leave `from` out.',
    'intent/reversed-range': 'The range ends before it begins. Swap the numbers, or add the missing digit.',
    'intent/same-network-twice':
      "Two interfaces have the same network, or one has a route to another's. Correct the length or the copied address; of bridged interfaces list the bridge.",
    'intent/second-profile':
      'A server has one profile. Join the two, or use `extra` for what this server has beyond a shared one.',
    'intent/secret-as-value':
      "A secret in the intent would be in plan, state and repository. Write the path of the key's file, or use an agent.",
    'intent/server-address-unset':
      "The server has several IPv4 addresses. Write one: `internal: { server, address: '10.0.0.10' }`.",
    'intent/set-in-set':
      "A source set holds addresses and prefixes, not sets. Name both where they are used: `from: ['office', 'partners']`.",
    'intent/sources-of-other-family':
      'All sources are of the other family than this ICMP entry. Add sources, or use the other ICMP.',
    'intent/sources-unset':
      'Nothing says who may reach the service. Write `sources` in the profile, or `from` on the service.',
    'intent/text-too-long': 'The text is longer than plans and devices keep. Write it shorter.',
    'intent/too-large':
      'A list or number is over a limit that catches loops. Split the owner or profile, or write larger prefixes.',
    'intent/types-missing':
      'ICMP needs `types`; all would include redirects. A ping is type 8, of ICMPv6 type 128, or `ping` of a profile.',
    'intent/unknown-at-synth':
      "The value is a Terraform token, known only after the verification. Keep it in the stack's environment, or split the stack and read the first one's output before the second is synthesized.",
    'intent/unknown-choice': 'The field takes the words in the message. Check spelling and case.',
    'intent/unknown-cpanel-version':
      'There is no port table of this cPanel version. Leave the field out for the default table.',
    'intent/unknown-interface':
      'The gateway has no interface of this name. Add it to `interfaces`, or correct the name.',
    'intent/unknown-key':
      'The object has no field of this name; the message says if another place takes it. TypeScript misses it in JSON or behind `as`.',
    'intent/unknown-mapping':
      "The gateway has no mapping of this name: the construct's id unless `name` is set. Correct it.",
    'intent/unknown-platform':
      "The platform doesn't exist or doesn't have this role: firewalld, csf and APF are for servers, pfSense for gateways. [Platforms](docs/reference/platforms.md).",
    'intent/unknown-server':
      "The server isn't known here. Make it before what names it, or write an unmanaged host by its address.",
    'intent/unknown-service':
      'The name is neither a service (`https`) nor a preset. Write a port, `"8443/tcp"`, `ping`, or an object for other protocols, `{ protocol: \'gre\' }`. [Services](docs/reference/services.md).',
    'intent/unknown-source-set':
      'The text is no address, and no source set of this gateway or profile. Define the set in `sourceSets`, or write the prefixes.',
    'intent/unknown-virtual-ip':
      'The gateway has no virtual IP of this name, or it is made later. Pass the `VirtualIp` itself.',
    'intent/unreadable': 'Reading the value runs code that failed. Copy the fields into a plain object.',
    'intent/unusable-address':
      'Multicast, loopback, broadcast and reserved addresses are never the other end of a connection. Correct it.',
    'intent/virtual-ip-interface-unset':
      'The gateway has several outside interfaces. Write the one of this address in `interface`.',
    'intent/virtual-ip-overlap':
      'Two virtual IPs hold one address. For a shared block make one virtual IP, and mappings with their own `external`.',
    'intent/witness-interface-unset':
      "The health check's source could arrive by several interfaces. Write `interface`.",
    'intent/wrong-type':
      'The value has another type than the field. In TypeScript this comes through `any`, `as` or JSON.',
  },
};
