// Explanations of the codes on docs/reference/errors/intent.md.
import { ExplanationPage } from './explanation-page';

export const intentExplanations: ExplanationPage = {
  name: 'intent',
  title: 'Wishes that are refused: intent/…',
  introduction: '',
  explanations: {
    'intent/administrators-unset':
      "SSH, WHM, MySQL and the like are for administrators: one line that opens the web to everybody must not open them, too. So `sources` of the profile and words for everybody don't count for them. Name such a service with its own `from`, or let a preset bring it: then it follows `management.from`.",
    'intent/all-excluded':
      '`exclude` takes parts out of a mapping, and here nothing is left: all inside addresses are excluded for everybody, or every peer that the mapping is for is excluded. The public address would lead nowhere. Take out less, or say `enabled: false`, which keeps the mapping for later.',
    'intent/anywhere-in-list':
      "`'anywhere'` is a word that stands alone, not one entry among others. A list that holds it would look narrow to a reader and be open to everybody. Write `'anywhere'` in place of the list where everybody is meant, and the list without it where not.",
    'intent/anywhere-refused':
      "Everybody can't be meant at this place: an inside network of everybody would leave every connection alone, and a source set called like the word would make a list read as everybody. Write the prefixes, or the word that the message names, and give a source set another name.",
    'intent/bad-address':
      "Only spellings that every device and every reader takes alike are taken: leading zeros are octal to some, a mask behind a slash or a range means different things to different tools, and a host's name leads elsewhere once somebody changes DNS, long after the proof. Write addresses in full, prefixes with their length, and what a name resolves to today.",
    'intent/bad-fact':
      'Facts say what a server was seen to run and listen on; lint decides by them. They are written by `cpanel-edge capture`, so an odd one was edited by hand or is of another version. Capture the server again instead of mending the file.',
    'intent/bad-host':
      'ssh takes one word for the host, and a word with an option, a user or a port in it could mean something else to it than to a reader. User, port and jump host are fields of the connection. An IPv6 address stands without brackets. A name whose last label is a number (`10.0.0.256`, `10.0.0`) is taken for an address by resolvers, and `10.0.0` for 10.0.0.0, so only a whole address ends in one.',
    'intent/bad-host-key':
      "Host keys are compared with what the device shows before anything is sent, so a text that is no key would refuse every delivery. So would a key that was cut short in copying, or one with another type written before it: both are read out of the key itself. A fingerprint (`SHA256:…`) is a digest of a key and can't stand in for it; a line of known_hosts has the host before the key, which is left out here. On the device, `cat /etc/ssh/ssh_host_ed25519_key.pub` prints the key.",
    'intent/bad-interface-name':
      'The name goes into rules as it stands, and some characters would make it a pattern there that other interfaces match, too. Write it as `ip -o link` prints it on the device, without what follows an `@`; on pfSense it is the key (`wan`, `opt1`) or the device. Loopback is no way in or out, so it is never listed.',
    'intent/bad-lease':
      "A lease is the mark by which a device knows whose state an owner's rules belong to; `adopt` takes it over from another state. It is copied, not invented: `cpanel-edge verify DEVICE` prints it, and the refusal `device/foreign-lease` does.",
    'intent/bad-name':
      "Names become names of resources in Terraform and of tables, chains or remarks on devices, so only what all of them take is taken. A construct's id is its name where none is written; give it a `name` where the id has to stay.",
    'intent/bad-path':
      "The path is given to ssh on the runner. One that begins with `-` would be an option to it, and quotes would end it early. What is wanted is where a private key lies; the key itself belongs in no source. A relative one is refused: Terraform starts a delivery in the stack's folder, and `verify` is started in the project's, so it would be found by one of them at the most. Write it with `~/`, or from `/`.",
    'intent/bad-port':
      'A port is a number or a range in a text, `8000` or `"8000-8010"`, and its protocol stands with it, `"8000-8010/tcp"`. Names of services are another field\'s, and a list of ports is a list, not a text with commas.',
    'intent/bad-user':
      "The user is whom ssh logs in as, and stands in sudo's rules too, so it must be a plain login name. A user of a domain (`DOMAIN\\name`, `name@domain`) needs a local account on the device. Anybody but root needs one `cpanel-edge bootstrap --user NAME`.",
    'intent/bad-variable':
      "Here stands the name of a variable of the runner's environment, in which the driver finds the socket of the ssh agent. The socket's path changes with every login, and the path of a runner would be in the plan. Write `SSH_AUTH_SOCK`, or the name that your runner uses.",
    'intent/bad-version':
      "The version decides which rules a platform takes, and the driver compares its first two numbers with what the device says: a release for 1.0.6 goes to 1.0.9, and not to 1.1.3. Copy the number from there: `nft --version`, `iptables --version`, `firewall-cmd --version`, `/etc/version` on pfSense. A word such as `latest` would make a proof of one version stand for another. Below nft 0.9.8 nothing was tried and part of what is written isn't understood: update the device first. What comes after the versions that a platform's page names is refused, too: nobody knows what it makes of a text.",
    'intent/carp-missing':
      "With CARP two boxes share an address, and the group's number (`vhid`) is how they know each other on the wire. Two groups of one number on one network fight over their addresses, so no number is picked here. Write one that nothing else there has; VRRP counts, too.",
    'intent/carp-without-effect':
      "Settings of a CARP group say nothing for an address of another kind, and whoever reads them would believe that the address moves to a second box when this one fails. Say `kind: 'carp'` where that is meant and the platform has it.",
    'intent/control-characters':
      "A text that ends a line, or turns the order of letters round, shows something else in a plan than what a device gets. No name, address or description needs such characters; they mostly come along when text is copied out of a document. Type it anew. A file that is read ends with a line break: `readFileSync('web1.pub', 'utf8').trim()`.",
    'intent/cpnat-bad-page':
      "`build_cpnat` asks this page as whom it sees the server, and the setting is a line of a file that cPanel's programs read. What stands in the address is also in the plan and the state, so it has no room for a password. Write a plain page that answers with the address alone.",
    'intent/cpnat-ipv6':
      'The file `/var/cpanel/cpnat` pairs local addresses with public ones for IPv4. A server has its IPv6 addresses itself and nobody translates them, so cPanel needs no line for them. See [what cPanel takes for its public addresses](docs/how-to/cpnat.md).',
    'intent/cpnat-nobody-translates':
      "`cpnat: {}` takes the pairs from the mappings of this app, and none fits: one that only lets in, or that is for some peers alone, doesn't say as whom the server leaves. A file without a pair would turn NAT mode on for nothing. Where a gateway of another app translates, write the pairs.",
    'intent/cpnat-not-local':
      "A pair begins with an address that the server itself has, as cPanel looks it up by that. Often the two sides are swapped, or the address is missing among the server's `addresses`. The local side is the private one: `{ local: '10.0.0.10', public: '203.0.113.10' }`.",
    'intent/cpnat-off-with-more':
      'NAT mode off means that there is no `/var/cpanel/cpnat` and every local address is its own public one. Anything else that is said beside it would be written to no file and would mislead whoever reads it.',
    'intent/cpnat-passive-closed':
      'In passive FTP the server names a port, and the client connects to it. If the profile closes some of these ports, a part of all transfers hangs, which is hard to find afterwards. Open the same range that the FTP server is told, no more and no less.',
    'intent/cpnat-passive-elsewhere':
      "The FTP server would send its clients to this address, and no mapping leads from there back to the server. Name a public address of the server's own mappings, or leave it out: then it is the first of them.",
    'intent/cpnat-several':
      "Two gateways translate one local address to different public ones, and cPanel's file has room for one. It is the address that DNS zones and mail of the server will carry, so it isn't guessed. Usually one of the two is `inboundOnly`: say so on it.",
    'intent/cpnat-twice':
      'cPanel takes one public address for a local one and one local address for a public one, and passes over what is written twice without a word. Servers that share a public address need one mapping each, with an address each.',
    'intent/duplicate':
      "Two things of one name can't be told apart in a plan, and the later one would replace the earlier one on the device. The message names the place of the other. Where a helper function makes them, the name has to come from its arguments.",
    'intent/duplicate-opening':
      'The same entry stands in one list twice. It changes nothing on the device; whoever takes one of the two out later would believe that it is closed, so it is refused. A service that a preset brings already is no duplicate.',
    'intent/empty-list':
      "An empty list is how a mistake in a condition or a filter looks, and some tools take it for nobody and others for everybody. Leave the field out where its default is meant, write `'anywhere'` for everybody, or write at least one entry.",
    'intent/empty-text':
      "An empty text is most often a variable that was not set where the stack was synthesized, such as `process.env.X ?? ''`. Leave the field out where the default is meant.",
    'intent/everything-as-prefix':
      "`0.0.0.0/0` and `::/0` mean everybody of one family, and a list that holds them looks like a list of some. Everybody is a decision, so it has a word of its own: `'anywhere'`, which means both families, and which reviews look for.",
    'intent/exactly-one':
      'Two fields answer one question in two ways, so either both contradict each other or nothing answers. Say one of them. Where a value comes from a helper or is spread into the object, look whether that brings the other.',
    'intent/exclusion-empty':
      '`exclude` takes a part out of a mapping: some inside addresses, traffic with some peers, or both. With neither it takes out all, which would be a mapping that does nothing. `enabled: false` says that in plain words.',
    'intent/exclusion-outside':
      "The excluded addresses are none of the mapping's inside, so nothing would be excluded, and whoever wrote it expects otherwise. Look whether the public address was written in place of the private one.",
    'intent/families-differ':
      'IPv4 packets never meet rules of IPv6 and the other way round, so this would hold for no packet at all. A mapping is of IPv4; a check that something stays reachable (a witness) needs both of its ends of one family.',
    'intent/field-without-effect':
      'The field belongs to another kind of entry: ports to TCP and UDP, types to ICMP, and so on. What is ignored would look as if it narrowed something. Take it away, or change the protocol to the one that was meant.',
    'intent/host-bits-set':
      'An address with a length and with bits behind the length can be one host or a whole network, and devices differ: some take the network, some refuse. For one host leave the length out; for a network write its first address. Only `addresses` of interfaces and servers have both, as there the length is that of the network. Of a length that takes in much of the internet, as `185.44.10.0/2`, a digit is missing.',
    'intent/host-keys-missing':
      'Without a known key nobody can tell the device from a machine that took its address, and a release sent there would be believed. So there is no switch that skips the check. `ssh-keyscan HOST` prints the keys; compare them on the console, or over a way that you trust already, before you write them down.',
    'intent/inside-is-gateway':
      "A mapping's inside is the server. With an address of the gateway there, ports that are opened for a server would open the firewall itself to the internet. Where the gateway is to answer on a public address, `answers` of the [VirtualIp](docs/reference/constructs/virtual-ip.md) says what.",
    'intent/inside-is-outside':
      "One address is the private side of one mapping and the public side of another, so a packet would be translated twice, or not, by the order of rules. Chains of translations aren't built here. Map each public address directly to the private one.",
    'intent/inside-missing':
      "A server's firewall closes what isn't opened, for whom it applies. Backups, monitoring and the operator's own network often need more than the internet does, so who is left alone must be written and has no default. `trustedNetworks: 'none'` is an answer, too. See [CpanelServer](docs/reference/constructs/cpanel-server.md).",
    'intent/inside-not-behind':
      "The gateway knows no way to this address but the default route, which leads to the internet: translated packets would leave there. Often the interface's `addresses` have the wrong length, or the network lies behind a router: then it belongs among the `routes` of the interface that leads to it. Where `external` is behind an inside interface as well, the two are swapped.",
    'intent/inside-twice':
      'When the inside host opens a connection, one mapping decides as which public address it leaves. Here two fit. Let one of them be for incoming connections alone (`inboundOnly: true`), or give each its own peers (`destination`).',
    'intent/ipv6-mapping':
      "IPv6 needs no translation: a server has a public address itself, and its own firewall opens it. Write that address among the server's `addresses`, and the profile applies to it as to the others.",
    'intent/jump-to-itself':
      "A connection's jump host is the host that it leads to, by the same port: no way leads there through itself. Mostly defaults give every device the gateway as its jump host, the gateway, too: `jump: 'none'` in its own connection says that it is reached without. The same host by another port is another way, as one of a container, and isn't refused.",
    'intent/kind-needs-one-address':
      "`ip-alias` and `carp` make an address the gateway's own, on its interface, one by one. A block of them is better answered for without being anybody's own: `proxy-arp` where the provider has the block on the wire, `other` where it is routed to the gateway.",
    'intent/link-local':
      "Addresses of 169.254.0.0/16 and fe80::/10 live on one wire and no router passes them on, so nothing on the internet can reach one. Those of IPv4 mostly come from a device that got no address by DHCP. Those of IPv6 every interface has by itself, and the rules count with them: among a server's addresses leave them out.",
    'intent/local-port':
      "These ports belong to services that trust whoever reaches them: cPHulk's, SpamAssassin's, and the control of PowerDNS. cPanel says that they must not be reachable from outside. Where a range contains one, write the range around it, as the message does. See [services](docs/reference/services.md).",
    'intent/management-missing':
      "A profile closes everything that it doesn't open, and the next delivery has to log in, too. Without a way back in, the first release would lock its own operators out. Say from where and to which port SSH goes, here or once for all with [Defaults](docs/reference/constructs/defaults.md).",
    'intent/mask-differs':
      "`mask` is the length of the network in which the address is announced, and the address does not fit into a network of that length as written. A provider's `/32` on a larger network has the length of that network. Without `mask` the interface's own network decides.",
    'intent/masks-differ':
      "Address by address, the first public one stands for the first private one, and so on; with sides of different size some would have no partner. Where many private hosts share one public address for going out, that is masquerading, which this package doesn't do.",
    'intent/missing':
      'Nothing is assumed for this field, because no value is right for most and a wrong one would be found on the device. `owner`, `platform`, `version`, `connection`, `trustedNetworks` and `management` may be said once for many, with [Defaults](docs/reference/constructs/defaults.md). The text `undefined` or `null` counts as none: a template such as `${process.env.OWNER}` makes it where nobody has set the variable.',
    'intent/network-address':
      'The first address of a network stands for the network and the last one for everybody in it; hosts have neither, and many routers answer no such packet. Where the provider routes a block to you and every address of it counts, it is no network of an interface: write it as a routed public prefix.',
    'intent/network-differs':
      "A server says with its address how large its network is, and the interface of the gateway that it is behind says another size of the same network. One of the two is mistyped, or the device itself is set up so: then hosts look for each other on the wire that the other sends to its gateway. An address without a length, or with /32, says nothing of a network; neither does one behind one of the gateway's `routes`.",
    'intent/no-outside-interface':
      "A gateway translates between outside and inside, and none of its interfaces is said to be outside. Give the interface by which the internet arrives `role: 'outside'`, or write it as `'wan: outside 203.0.113.2/24'`.",
    'intent/no-virtual-ip':
      "For a public address that is on the gateway's wire, somebody has to answer when the provider's router asks who has it; else packets never arrive, and no rule is to blame. A [VirtualIp](docs/reference/constructs/virtual-ip.md) answers. Where the provider routes the block to the gateway, say that with `delivery: 'routed'`, and nobody has to.",
    'intent/not-a-public-prefix':
      "The gateway was told which public addresses arrive on this interface, and this one isn't among them. Most often a digit is wrong, or the provider gave a second block that was never written down. `publicPrefixes` of the interface takes it, with how it gets there: `on-link` or `routed`. A virtual IP of kind `other` needs no such word where none is said: nobody asks for it by ARP, so it can only be routed.",
    'intent/not-an-address-of-server':
      "A mapping leads to an address that the named server doesn't have, so its profile would open ports of another machine. Correct the mapping's `address`, or add the address to the server's own.",
    'intent/not-an-outside-interface':
      "Public addresses are announced where the internet arrives. On an inside interface nobody but inside hosts would ever ask for them. Name the outside one, or correct its `role` in the gateway's `interfaces`.",
    'intent/not-in-range':
      'The field counts something, seconds, ports or bits, and the number is a fraction, a text, or outside of what devices take. The message has the first and the last that do.',
    'intent/not-plain':
      'Values are read once and then proven; an instance of a class could answer otherwise the next time. Hand over the fields themselves. A construct of this package may stand only in fields that are made for one, such as `virtualIp`, `gateway` or `profile`.',
    'intent/open-beside-profile':
      'A server has one list of what is open to it, its profile; both firewalls are made from that. A second list on its mapping would open the gateway for what the server closes. Write the entry in `extra` of the profile. `open` is for hosts that are no `CpanelServer`.',
    'intent/open-to-nobody':
      "A mapping with a `destination`, or an `exclude`, translates for these peers alone, and what it opens is for sources that are none of them: their packets aren't led to the server, whatever is open there. Those of IPv6 never are. Mostly one of both lists was changed and not the other. Sources of a profile aren't looked at: it may be that of several mappings.",
    'intent/outside-overlap':
      'Two mappings want packets for one public address, and which of them gets one would depend on the order of rules. Give each server its own address. A server that stands by for another has a mapping with `enabled: false`.',
    'intent/port-zero':
      'Nothing listens on port 0, and in rules of several firewalls it means every port. A range that begins with it is most often meant as all ports, which is `1-65535`.',
    'intent/ports-missing':
      "An opening of TCP, UDP or another protocol with ports has to say which; leaving them out would be all of them, by accident. Write `ports: '1-65535'` where all are meant: then a reviewer sees it.",
    'intent/profile-for-subnet':
      'A subnet is mapped as a whole, and the profile of one server in it would open the same ports for all its neighbours. Map the server by an address of its own. Where the whole subnet is one service, a `profile` on the mapping says that all of it is meant.',
    'intent/profile-missing':
      "A server's firewall is made from its profile, and without one nothing at all would be open, SSH neither. Make a [CpanelFirewallProfile](docs/reference/constructs/cpanel-firewall-profile.md) and hand it over; many servers can share one.",
    'intent/profiles-differ':
      'One mapping leads to several servers whose profiles open different ports, and a gateway filters by mapping. With one of the lists, the other server would be open too far or not far enough. A mapping for each server, or one profile for both.',
    'intent/protocol-missing':
      'A number alone is no port: 53 is something else in UDP than in TCP, and guessing would open one that nobody asked for. Write the protocol behind it, `"8443/tcp"`, and both where both are meant.',
    'intent/public-is-own-address':
      "This is the address by which the gateway itself is on the internet. Translated, everything that reaches it, the operators' SSH and answers to its own connections too, would go to the server. Ask the provider for another address; single ports of the gateway's own address are port forwards, which this package doesn't make.",
    'intent/public-on-other-interface':
      "The address belongs to the network of another outside interface, where the provider expects the answer. Announced here, nobody would find it. Where two providers are connected, each one's addresses stay with its interface. In the network of an inside interface it is private: the server's own, which belongs into `internal` of a mapping; also where the provider routes it here: hosts of that network ask for it by ARP on their own wire, and one that has it would lose what is sent to it.",
    'intent/public-prefix-not-outside':
      '`publicPrefixes` says which public addresses arrive from the internet by this interface, and an inside one has none. Public addresses that hosts behind the gateway have themselves are networks or `routes` of the inside interface.',
    'intent/reflection-from-outside':
      'Reflection (hairpin NAT) lets hosts behind the gateway reach public addresses of their neighbours. What comes from outside is translated anyway. Name interfaces of role inside, dmz or vpn, or leave `from` out for all inside and dmz ones.',
    'intent/reversed-range':
      'A range goes from its first to its last port; some devices read one that is turned round as empty, some as everything but it. The two numbers are swapped, or one has lost a digit.',
    'intent/same-network-twice':
      "Two interfaces have the same network, or one has a route to the very network that another has an address in, so the gateway couldn't tell by which of them a host of it is reached. Mostly a length is too short, or an entry was copied and its address kept. Interfaces that are joined into a bridge are one: list the bridge.",
    'intent/second-profile':
      'What is open to a server is said by one profile, so that there is one place to look. Two would have to be merged by somebody. Make one profile that says both, or use `extra` for what this server needs beyond the shared one.',
    'intent/secret-as-value':
      'What stands in the intent is in the plan, in the state and in the repository, where many can read it and it stays for years. ssh takes its key from a file on the runner or from an agent; write where. A key that was committed should be replaced, not only removed.',
    'intent/server-address-unset':
      "A 1:1 mapping leads to one address, and a server with several doesn't say which. Write `internal: { server, address: '10.0.0.10' }`. Servers with one IPv4 address need only `internal: server`.",
    'intent/set-in-set':
      "Source sets hold addresses and prefixes; sets of sets would let a change far away open something here without a trace in the plan's lines. Where a service is for two sets, name both: `from: ['office', 'partners']`.",
    'intent/sources-of-other-family':
      'ICMP belongs to IPv4 and ICMPv6 to IPv6, and here all sources are of the other one, so the opening would let nobody in. Add sources of that family, or open the other ICMP. `ping` of a profile takes care of both.',
    'intent/sources-unset':
      "Who may reach a service decides how exposed it is, so it is written and has no default. Say it once for all services with `sources` of the profile, or on the one service with `from`. `'anywhere'` is a good answer for the web and a bad one for SSH.",
    'intent/text-too-long':
      'The text goes into plans, remarks and names on devices, and each of them cuts what is too long, at different places. Write it shorter; what needs room belongs in a comment beside the code.',
    'intent/too-large':
      'There are limits, so that a mistake in a loop is found at once and not after an hour of synthesis. They lie far above what one device serves well. Split the owner or the profile into several, or write larger prefixes in place of many small ones.',
    'intent/types-missing':
      'ICMP has types in place of ports, and all of them together include redirects, which hosts should not take from strangers. A ping is type 8 of ICMP and type 128 of ICMPv6; a profile has `ping` for that. Errors that connections need pass without an opening.',
    'intent/unknown-at-synth':
      "Ports can only be proven of values that are there when the stack is synthesized; a token is filled in by Terraform, after the proof. Two things are usual: keep the value in the environment of the stack and give it to this and to the other resource, or split the stack and read the value of the first one's output before the second is synthesized.",
    'intent/unknown-choice':
      'The field takes a few words, and this is none of them. Spelling and case count. An editor with TypeScript offers them while you type.',
    'intent/unknown-cpanel-version':
      "A profile's service names stand for ports of cPanel's own table for one version. Without that table nobody can say what `https` or `full-v112` opens. The field says which table, not what is installed: leave it out for the default.",
    'intent/unknown-interface':
      "Interfaces are named as in `interfaces` of the gateway, and this name isn't there. Add the interface, which every rule about it needs anyway, or correct the name. An editor can't find this one, as the names are data.",
    'intent/unknown-key':
      'A field that nobody reads would look as if it did something. Most often it is a typing mistake, or a field of another construct. Compilers say it, too, unless the object was built with `as` or came from JSON. A key that another place takes is told with that place.',
    'intent/unknown-mapping':
      "Something names a mapping that its gateway doesn't have: it has another name, or stands at another gateway. The name is the construct's id unless `name` says otherwise.",
    'intent/unknown-platform':
      'A platform is what the rules are written for, and not every platform serves as gateway and as server: firewalld, csf and APF are firewalls of a server, pfSense is a gateway. [What each can do](docs/reference/platforms.md).',
    'intent/unknown-server':
      "Something leads to a server that isn't known here. Servers are made before what names them, in the same app, by `new CpanelServer(…)`. A host that isn't managed here is written by its address.",
    'intent/unknown-service':
      "Services have names of cPanel's port table (`https`, `imaps`), presets stand for several, and anything else is written as a port with its protocol, `\"8443/tcp\"`. [All names with their ports](docs/reference/services.md). What has no ports is no service: `ping` is a field of the profile, and GRE or a type of ICMP an object, `{ protocol: 'gre' }`.",
    'intent/unknown-source-set':
      "The text is no address, so it was taken for the name of a list, and there is no such list in `sourceSets` here. Sets belong to the gateway or the profile that defines them; one of another construct isn't seen. Define it where it is used, or write the prefixes.",
    'intent/unknown-virtual-ip':
      "Something names a virtual IP that this gateway doesn't have. It may be at another gateway, or be made later than what names it. Hand the `VirtualIp` itself over where a field takes one; then it can't be missed.",
    'intent/unreadable':
      "The value runs code when somebody reads it, and that code failed. What answers differently each time can't be proven. Copy the fields into a plain object first.",
    'intent/unusable-address':
      'Multicast, loopback, broadcast and reserved addresses are never the other end of a connection from the internet, so a rule for one would never match or would match something unforeseen. Most often a digit is wrong, or an example from a manual was left in.',
    'intent/virtual-ip-interface-unset':
      "With two outside interfaces the provider's router on one of them asks for the address, and the other never hears of it. Which it is depends on who gave you the address. Write `interface` with that one's name.",
    'intent/virtual-ip-overlap':
      'Two virtual IPs hold one address, so it would be announced twice, perhaps in two ways. Servers that share a block need one virtual IP for the block, and mappings that each name their part of it by `external`.',
    'intent/witness-interface-unset':
      'A witness is a first packet that has to stay allowed, and where it arrives decides which rules it meets. Here several interfaces could be meant by its source. Write `interface` with the name of one.',
    'intent/wrong-type':
      'The value is of another kind than the field takes, such as a text where a list is wanted. From TypeScript it comes through `any`, `as` or JSON. The message has what is wanted; an editor shows it at the field.',
  },
};
