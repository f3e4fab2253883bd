// Named mutants of nftables: single mistakes in its generated rules.

import { Address, getFamily, printAddress, printPrefix } from '../../../lib/net/address';
import { GatewayPolicy, Mapping } from '../../../lib/policy/policy';
import { Edit, Made, Named, each, everywhere, only } from '../text/edit';

const gateway = (name: string, edit: Edit): Named => ({
  name: `nftables gateway: ${name}`,
  edit: only('nftables', 'gateway', edit),
});
const server = (name: string, edit: Edit): Named => ({
  name: `nftables server: ${name}`,
  edit: only('nftables', 'server', edit),
});

const chain = (name: string): RegExp => new RegExp(`chain ${name} \\{\\n(?: *type [^\\n]*\\n)?`);
/** Puts a rule first, or last, into a chain. */
const first = (name: string, rule: string): Edit => each(chain(name), ([head]) => `${head}        ${rule}\n`);
const last = (name: string, rule: string): Edit =>
  each(
    new RegExp(`(chain ${name} \\{\\n(?: {8}[^\\n]*\\n)*)( {4}\\})`),
    (found) => `${found[1]}        ${rule}\n${found[2]}`,
  );

const policyOf = ({ policy }: Made): GatewayPolicy => policy as GatewayPolicy;
const ways = (sample: Made): readonly string[] =>
  policyOf(sample)
    .interfaces.filter(({ role }) => role === 'outside')
    .map(({ name }) => name);
/** A gateway's own addresses on its outside interfaces. */
const own = (sample: Made): readonly Address[] =>
  policyOf(sample)
    .interfaces.filter(({ role }) => role === 'outside')
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .filter((address) => getFamily(address) === 'ip');
/** An edit for each matching part of a sample's policy. */
const forEach =
  <T>(of: (sample: Made) => readonly T[], edit: (one: T) => Edit): Edit =>
  (sample) =>
    of(sample).flatMap((one) => edit(one)(sample));

const sending = (which: (mapping: Mapping) => boolean): Edit =>
  forEach(
    (sample) => policyOf(sample).mappings.filter(which),
    ({ interface: way, internal, external }) =>
      first(
        'c_postrouting',
        `oifname "${way}" ip saddr ${printPrefix(internal)} snat ip to ${printAddress(external.first)}`,
      ),
  );

/** Gateways for which a condition holds. */
const where =
  (holds: (policy: GatewayPolicy) => boolean, edit: Edit): Edit =>
  (sample) =>
    holds(policyOf(sample)) ? edit(sample) : [];
/**
 * A public address on the gateway belongs to no other host, and packets to a mapped one never reach the gateway itself.
 */
const hasAliases = ({ virtualIps }: GatewayPolicy): boolean => virtualIps.some(({ kind }) => kind === 'ip-alias');
const hasNoAliases = (policy: GatewayPolicy): boolean => !hasAliases(policy);

/** Servers with an IPv6 address. */
const whereIpv6 =
  (pattern: RegExp, to: string): Edit =>
  (sample) => {
    const { policy } = sample;
    return policy.kind === 'server' && policy.localAddresses.some((address) => getFamily(address) === 'ip6')
      ? everywhere(pattern, to)(sample)
      : [];
  };

const ESTABLISHED = / *(?:ct direction reply )?ct state established accept\n/;
const anywhere = ({ peers, exclude }: Mapping): boolean => peers === 'anywhere' && exclude.length === 0;

/** The rule that accepts packets of sessions, on gateways and servers alike. */
const sessions = (named: (name: string, edit: Edit) => Named): readonly Named[] => [
  named('no established rule', everywhere(ESTABLISHED, '')),
  named('established is dropped', everywhere(/ct state established accept/, 'ct state established drop')),
  named(
    'whatever is related passes',
    everywhere(/ct state related icmp type \{[^}]*\} accept/, 'ct state related accept'),
  ),
  named(
    'cut in place of finish',
    everywhere(/^( *)ct state established/m, '$1ct direction reply ct state established'),
  ),
  named('finish in place of cut', everywhere(/ct direction reply ct state established/, 'ct state established')),
];

export const NFTABLES: readonly Named[] = [
  gateway(
    'a neighbour that nobody mapped gets an address',
    each(/(type ipv4_addr : ipv4_addr\n *elements = \{ \d+\.\d+\.\d+)\.\d+ : (\d+\.\d+\.\d+)\.\d+/, ([all, from, to]) =>
      all.replace('elements = {', `elements = { ${from!.split('{ ')[1]}.251 : ${to}.252,`),
    ),
  ),
  gateway(
    'a prefix map is one bit too wide',
    where(
      ({ mappings }) => mappings.every(({ exclude }) => exclude.length === 0),
      each(/(\d+\.\d+\.\d+\.)(\d+)\/(\d+) : (\d+\.\d+\.\d+\.)(\d+)\/\d+/, ([, a, from, length, b, to]) => {
        const wide = (last: string): number => Number(last) & ~((1 << (33 - Number(length))) - 1);
        return `${a}${wide(from!)}/${Number(length) - 1} : ${b}${wide(to!)}/${Number(length) - 1}`;
      }),
    ),
  ),
  gateway(
    "the gateway's own address leads to another host",
    forEach(own, (address) => first('c_prerouting', `ip daddr ${printAddress(address)} dnat ip to 10.0.0.77`)),
  ),
  gateway(
    'whatever leaves is translated',
    forEach(ways, (way) => last('c_postrouting', `oifname "${way}" masquerade`)),
  ),
  gateway(
    'whatever leaves is translated, by address',
    forEach(own, (address) => last('c_postrouting', `snat ip to ${printAddress(address)}`)),
  ),
  gateway(
    'what is inbound only sends with its public address',
    sending(({ inboundOnly, enabled }) => inboundOnly && enabled),
  ),
  gateway(
    'a disabled mapping sends with its public address',
    sending(({ enabled }) => !enabled),
  ),
  gateway(
    'what is restricted or excluded sends with its public address to everybody',
    sending((mapping) => mapping.enabled && !mapping.inboundOnly && !anywhere(mapping)),
  ),
  gateway(
    'a restriction or exclusion of what is sent is forgotten',
    each(/(oifname "[^"]*") ip daddr (?:!= )?(?:@s_peers\w*|[\d./-]+) snat/, ([, way]) => `${way} snat`),
  ),
  gateway(
    'a restriction or exclusion of what comes is forgotten',
    each(/(iifname [^\n]*?) ip saddr (?:!= )?(?:@s_peers\w*|[\d./-]+) dnat/, ([, way]) => `${way} dnat`),
  ),
  ...sessions(gateway),
  gateway('no errors about sessions', everywhere(/ *ct state related [^\n]*\n/, '')),
  gateway(
    'what was not translated is forwarded',
    where(
      hasNoAliases,
      each(
        /(chain c_forward \{(?:[^}]|type \{[^}]*\})*?) *ip daddr @s_public drop comment "not translated"\n/,
        ([, before]) => before!,
      ),
    ),
  ),
  gateway(
    'what was not translated reaches the gateway',
    where(
      hasAliases,
      each(
        /(chain c_input \{(?:[^}]|type \{[^}]*\})*?) *ip daddr @s_public drop comment "not translated"\n/,
        ([, before]) => before!,
      ),
    ),
  ),
  gateway('strays are forwarded', where(hasNoAliases, first('c_forward', 'ct state invalid accept'))),
  gateway('strays reach the gateway', where(hasAliases, first('c_input', 'ct state invalid accept'))),
  gateway('inward translation after others', everywhere(/dstnat - 10/, 'dstnat + 10')),
  gateway('outward translation after others', everywhere(/srcnat - 10/, 'srcnat + 10')),
  gateway(
    'strays pass a filter of the kind of translations',
    where(hasAliases, everywhere(/type filter hook input/, 'type nat hook input')),
  ),
  gateway('the old table stays', everywhere(/delete table inet \w+\n/, '')),
  gateway('hosts straight from outside', everywhere(/ *iifname [^\n]* drop comment "past the public address"\n/, '')),

  server('IPv4 alone is filtered', everywhere(/table inet/, 'table ip')),
  server('IPv6 passes as a whole', first('c_input', 'meta nfproto ipv6 accept')),
  server('IPv6 passes to TCP', last('c_input', 'meta nfproto ipv6 meta l4proto 6 accept')),
  server('IPv6 redirects are heard', everywhere(/nd-router-advert/, 'nd-redirect, nd-router-advert')),
  server('IPv6 neighbours are not heard', whereIpv6(/ *icmpv6 type \{ mld-listener-query[^\n]*\n/, '')),
  ...sessions(server),
  server('no packet-too-big', whereIpv6(/packet-too-big, /, '')),
  server('no destination-unreachable', everywhere(/icmp type \{ destination-unreachable, /, 'icmp type { ')),
  server('strays pass', first('c_input', 'ct state invalid accept')),
  server('the old table stays', everywhere(/delete table inet \w+\n/, '')),
  server('strays pass a filter of the kind of translations', everywhere(/type filter hook/, 'type nat hook')),
  server('its policy accepts', everywhere(/policy drop/, 'policy accept')),

  ...([gateway, server] as const).flatMap((named) => [
    named(
      'refused by nft: a type twice',
      each(/ *type (?:ipv4_addr|inet_service)[^\n]*\n/, ([line]) => line + line),
    ),
    named(
      'refused by nft: a range without an interval',
      each(/ *flags interval\n/, () => ''),
    ),
    named(
      'refused by nft: no elements',
      each(/elements = \{[^}]*\}/, () => 'elements = { }'),
    ),
    named(
      'refused by nft: a key twice in a map',
      each(
        /(elements = \{ )([\d.]+) : ([\d.]+\.)\d+/,
        ([all, head, key, to]) => `${head}${key} : ${to}253, ${all.slice(head!.length)}`,
      ),
    ),
  ]),
];
