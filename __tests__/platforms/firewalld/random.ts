// Generates random firewalld configurations.

import { fc } from '../../randomly';
import { Tree } from './daemon';

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const some = <T>(of: fc.Arbitrary<T>, most: number): fc.Arbitrary<readonly T[]> => fc.array(of, { maxLength: most });
const lines = (...parts: readonly (readonly string[])[]): string => parts.flat().join('\n  ');

const SERVICES = pick('ssh', 'https', 'ftp', 'mdns', 'dhcpv6-client', 'own', 'both', 'ipsec');
const PROTOCOL = pick('tcp', 'udp');
const PORT = pick('22', '443', '8000-8010', '4', '8010-8000');
const TYPE = pick('echo-request', 'fragmentation-needed', 'neighbour-advertisement', 'redirect', 'packet-too-big');
const V4 = pick('198.51.100.7', '192.0.2.0/24', '10.0.0.0/8', '192.0.2.5');
const V6 = pick('2001:db8:1::7', '2001:db8:2::/64');
const SET = pick('friends', 'friends6', 'empty');

const PLAIN = [
  SERVICES.map((name) => `<service name="${name}"/>`),
  fc.tuple(PORT, PROTOCOL).map(([port, protocol]) => `<port port="${port}" protocol="${protocol}"/>`),
  fc.tuple(PORT, PROTOCOL).map(([port, protocol]) => `<source-port port="${port}" protocol="${protocol}"/>`),
  pick('gre', 'icmp', '132', 'ipv6-icmp').map((value) => `<protocol value="${value}"/>`),
];
const BLOCK = TYPE.map((name) => `<icmp-block name="${name}"/>`);
const FORWARD = fc
  .tuple(
    PORT,
    PROTOCOL,
    pick(
      ' to-port="8080"',
      ' to-addr="10.0.0.9"',
      ' to-port="80" to-addr="10.0.0.9"',
      ' to-port="80" to-addr="2001:db8:3::9"',
    ),
  )
  .map(([port, protocol, to]) => `<forward-port port="${port}" protocol="${protocol}"${to}/>`);

const rich = (forwards: boolean): fc.Arbitrary<string> =>
  fc
    .record({
      family: pick('ipv4', 'ipv6', ''),
      priority: pick('', '', ' priority="-10"', ' priority="-5"', ' priority="7"'),
      source: pick('', 'address', 'ipset'),
      invert: pick('', '', ' invert="True"'),
      destination: pick('', '', '', 'address'),
      v4: fc.tuple(V4, V4),
      v6: fc.tuple(V6, V6),
      set: SET,
      is: fc.oneof(
        ...PLAIN,
        pick(''),
        TYPE.map((name) => `<icmp-type name="${name}"/>`),
      ),
      does: pick('<accept/>', '<accept/>', '<drop/>', '<reject/>', '<reject type="tcp-reset"/>', '<mark set="1"/>'),
      log: pick('', '', '<log prefix="x"><limit value="3/m"/></log>', '<audit/>'),
      alone: pick('', '', '', 'masquerade', 'icmp-block', forwards ? 'forward-port' : ''),
    })
    .map(({ family, priority, source, invert, destination, v4, v6, set, is, does, log, alone }) => {
      // firewalld ignores others.
      const action =
        log === '<audit/>' && does.startsWith('<mark')
          ? '<drop/>'
          : family === ''
            ? does.replace(' type="tcp-reset"', '')
            : does;
      const [from, to] = family === 'ipv6' ? v6 : v4;
      const ends = [
        source === 'address' && family !== ''
          ? `<source address="${from}"${invert}/>`
          : source === 'ipset'
            ? `<source ipset="${set}"${invert}/>`
            : '',
        destination === '' || family === '' ? '' : `<destination address="${to}"/>`,
      ].join('');
      const said =
        alone === 'masquerade'
          ? '<masquerade/>'
          : alone === 'icmp-block'
            ? '<icmp-block name="echo-request"/>'
            : alone === 'forward-port' && family !== ''
              ? `<forward-port port="443" protocol="tcp" to-addr="${family === 'ipv4' ? '10.0.0.9' : '2001:db8:3::9'}"/>`
              : `${is === '' && ends === '' && priority === '' ? '<port port="25" protocol="tcp"/>' : is}${log}${action}`;
      return `<rule${family === '' ? '' : ` family="${family}"`}${priority}>${ends}${said}</rule>`;
    });

/** Each interface and source is used once, so that no two zones have one. */
const BINDINGS = [
  '<interface name="eth0"/>',
  '<interface name="eth1"/>',
  '<interface name="eth+"/>',
  ...['198.51.100.0/24', '198.51.100.7', '2001:db8:1::/64'].map((one) => `<source address="${one}"/>`),
  '<source ipset="friends"/>',
];
const ZONES = ['public', 'alpha', 'zulu'];
/** Files of a zone: one, those of a folder, or both. */
const SPREAD = pick([''], [''], [''], ['/a', '/a-b'], ['', '/b']);

const zone = fc.record({
  target: pick('', '', ' target="DROP"', ' target="ACCEPT"', ' target="%%REJECT%%"', ' target="default"'),
  items: some(fc.oneof(...PLAIN, BLOCK, FORWARD, rich(true)), 6),
  flags: fc.subarray(['<masquerade/>', '<forward/>', '<icmp-block-inversion/>'], { maxLength: 2 }),
});

const policy = fc
  .record({
    target: pick('CONTINUE', 'CONTINUE', 'ACCEPT', 'DROP', 'REJECT'),
    priority: pick(-20, -1, 1, 30),
    from: pick(['ANY'], ['HOST'], ['public'], ['alpha', 'zulu']),
    to: pick(['ANY'], ['HOST'], ['zulu'], ['public', 'alpha']),
    items: some(fc.oneof(...PLAIN, BLOCK), 3),
    rules: some(
      rich(false).filter((one) => !/masquerade|<mark/.test(one)),
      3,
    ),
  })
  .filter(({ from, to }) => from[0] !== 'HOST' || to[0] !== 'HOST')
  .map(({ target, priority, from, to, items, rules }) => {
    const named = (element: string, names: readonly string[]): readonly string[] =>
      names.map((name) => `<${element}-zone name="${name}"/>`);
    return (at: number): string =>
      `<policy target="${target}" priority="${priority + at}">\n  ${lines(named('ingress', from), named('egress', to), items, rules)}\n</policy>\n`;
  });

const OWN: Tree = {
  'services/own.xml':
    '<service>\n  <port protocol="tcp" port="2083"/>\n  <port protocol="udp" port="53"/>\n  <source-port protocol="udp" port="4"/>\n</service>\n',
  'services/both.xml':
    '<service>\n  <include service="own"/>\n  <include service="https"/>\n  <protocol value="gre"/>\n  <destination ipv4="198.51.100.50"/>\n</service>\n',
  'ipsets/friends.xml':
    '<ipset type="hash:net">\n  <entry>192.0.2.0/25</entry>\n  <entry>198.51.100.7</entry>\n</ipset>\n',
  'ipsets/friends6.xml':
    '<ipset type="hash:ip">\n  <option name="family" value="inet6"/>\n  <entry>2001:db8:1::7</entry>\n</ipset>\n',
  'ipsets/empty.xml': '<ipset type="hash:net">\n</ipset>\n',
};

/** Files below /etc/firewalld. */
export const trees: fc.Arbitrary<Tree> = fc
  .record({
    zones: fc.tuple(zone, zone, zone),
    bound: fc.array(pick(-1, 0, 1, 2), { minLength: BINDINGS.length, maxLength: BINDINGS.length }),
    policies: some(policy, 2),
    fallback: pick('public', 'zulu', 'nobody'),
    conf: fc.subarray(['IPv6_rpfilter=no', 'RFC3964_IPv4=no', 'LogDenied=all']),
    spread: fc.tuple(SPREAD, SPREAD, SPREAD),
  })
  .map(({ zones, bound, policies, fallback, conf, spread }) => ({
    'firewalld.conf': [`DefaultZone=${fallback}`, ...conf, ''].join('\n'),
    ...Object.fromEntries(
      zones.flatMap(({ target, items, flags }, at) => {
        const bindings = BINDINGS.filter((_, i) => bound[i] === at);
        const parts = spread[at]!;
        const first = Math.ceil(items.length / parts.length);
        return parts.map((part, n) => [
          `zones/${ZONES[at]!}${part}.xml`,
          `<?xml version="1.0" encoding="utf-8"?>\n<zone${target}>\n  ${lines(
            n === parts.length - 1 ? bindings : [],
            items.slice(n * first, (n + 1) * first),
            n === 0 ? flags : [],
          )}\n</zone>\n`,
        ]);
      }),
    ),
    ...Object.fromEntries(policies.map((made, at) => [`policies/p${at}.xml`, made(at)])),
    ...OWN,
  }));

const PRIORITY = pick('', '', '', '-5', '3');
const ATTRIBUTES = fc
  .tuple(PRIORITY, PRIORITY)
  .map(([ingress, egress]) =>
    [ingress && ` ingress-priority="${ingress}"`, egress && ` egress-priority="${egress}"`].join(''),
  );
/** Without StrictForwardPorts: nft 1.0.6 can't load the rules that it makes. */
const CONF = ['NftablesCounters=yes', 'IPv6_rpfilter=strict-forward', 'ReloadPolicy=INPUT:ACCEPT'];

/** The same with elements of later versions. `disables`: policies that are switched off, from 2.4 on. */
export const laterTrees = (disables: boolean): fc.Arbitrary<Tree> =>
  fc
    .record({
      tree: trees,
      zones: fc.tuple(ATTRIBUTES, ATTRIBUTES, ATTRIBUTES),
      conf: fc.subarray(CONF),
      off: pick(false, false, disables),
    })
    .map(({ tree, zones, conf, off }) =>
      Object.fromEntries(
        Object.entries(tree).map(([path, text]) => {
          const at = ZONES.findIndex((name) => path.startsWith(`zones/${name}`));
          if (at >= 0) return [path, text.replace('<zone', `<zone${zones[at]!}`)];
          if (path === 'policies/p0.xml' && off) return [path, text.replace('</policy>', '<disable/></policy>')];
          return [path, path === 'firewalld.conf' ? `${conf.join('\n')}\n${text}` : text];
        }),
      ),
    );
