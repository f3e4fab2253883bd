// Table of patterns by which the mutants' program changes every place of generated pfSense entries (an element, a port,
// an address), and entries that it adds. named/pfsense.ts has the mutants that are written one by one.

import { TextMutation, prefixed } from './places';

const ANY = '<any></any>';

/** Parts of a rule that another person might add to a box: type, interface, and its two ends. */
const HOSTILE: readonly (readonly [what: string, inner: string])[] = [
  ['pass everything', ends(ANY, ANY)],
  ['pass everything of IPv6', ends(ANY, ANY, '', 'inet6')],
  ['pass SSH to anybody', ends(ANY, `${ANY}<port>22</port>`, 'tcp')],
  ["pass to the box's own 443", ends(ANY, '<network>(self)</network><port>443</port>', 'tcp')],
  ["pass to the interface's own address", ends(ANY, '<network>wanip</network>')],
  ['pass to the whole inside', ends(ANY, '<network>lan</network>')],
  ['pass to a neighbour', ends(ANY, '<address>10.0.0.99</address>')],
  ['pass to a mapped host', ends(ANY, '<address>10.0.0.10</address>')],
  ['pass GRE', ends(ANY, ANY, 'gre')],
  ['pass pings', ends(ANY, ANY, 'icmp')],
  ['pass from one host', ends('<address>198.51.100.66</address>', ANY)],
  ['pass DNS answers', ends(`${ANY}<port>53</port>`, ANY, 'udp')],
];

function ends(source: string, destination: string, protocol = '', family = 'inet'): string {
  return `<ipprotocol>${family}</ipprotocol>${protocol && `<protocol>${protocol}</protocol>`}<source>${source}</source><destination>${destination}</destination>`;
}

type Pattern = readonly [what: string, pattern: RegExp, change: (found: RegExpMatchArray) => string | undefined];

const ADDRESS = /(?<=<(?:address|external|subnet)>(?:[^<]* )?)(\d+\.\d+\.\d+\.)(\d+)(?=[ /<])/g;
const PREFIX = /(?<=<address>(?:[^<]* )?)(\d+\.\d+\.\d+\.\d+)\/(\d+)/g;
const PORT = /(?<=<port>|type>port<\/type>\s*<address>(?:[^<]* )?)\d+/g;

const PATTERNS: readonly Pattern[] = [
  ['an element left out', /\n\t\t\t(?:\t)?<(\w+)>[^<]*<\/\1>/g, () => ''],
  ['block in place of pass', /<type>pass</g, () => '<type>block<'],
  ['pass in place of block', /<type>block</g, () => '<type>pass<'],
  ['the next address', ADDRESS, ([, net, last]) => `${net}${Number(last) + 1}`],
  ['the address before', ADDRESS, ([, net, last]) => `${net}${Number(last) - 1}`],
  ['a bit shorter', PREFIX, ([, address, length]) => prefixed(address!, Number(length) - 1)],
  ['a bit longer', PREFIX, ([, address, length]) => prefixed(address!, Number(length) + 1)],
  ['the next port', PORT, ([all]) => `${Number(all) + 1}`],
  ['the port before', PORT, ([all]) => `${Number(all) - 1}`],
  ['another protocol', /<protocol>(tcp|udp)</g, ([, name]) => `<protocol>${name === 'tcp' ? 'udp' : 'tcp'}<`],
  ['another interface', /<interface>(wan|lan|opt1)</g, ([, name]) => `<interface>${name === 'wan' ? 'lan' : 'wan'}<`],
  ['of the other family', /<ipprotocol>inet</g, () => '<ipprotocol>inet6<'],
  ['of both families', /<ipprotocol>inet</g, () => '<ipprotocol>inet46<'],
  ['to anybody', /<destination>\s*(?!<any>)[^]*?<\/destination>/g, () => `<destination>${ANY}</destination>`],
  ['from anybody', /<source>\s*(?!<any>)[^]*?<\/source>/g, () => `<source>${ANY}</source>`],
  [
    'reflected otherwise',
    /<natreflection>(\w+)</g,
    ([, is]) => `<natreflection>${is === 'enable' ? 'disable' : 'enable'}<`,
  ],
  ['another direction', /<direction>in</g, () => '<direction>out<'],
  ['any direction', /<direction>in</g, () => '<direction>any<'],
  [
    'another mode of virtual IP',
    /<mode>(ipalias|proxyarp|other|carp)</g,
    ([, mode]) => `<mode>${mode === 'ipalias' ? 'proxyarp' : 'ipalias'}<`,
  ],
  [
    'another length of virtual IP',
    /<subnet_bits>(\d+)</g,
    ([, bits]) => `<subnet_bits>${Number(bits) === 32 ? 31 : Number(bits) + 1}<`,
  ],
  ['disabled', /(?<=<)(rule|onetoone)>/g, ([all]) => `${all}<disabled></disabled>`],
];

const ENTRY = /\t\t<(vip|alias|onetoone|rule)>\n(?:(?!\t\t<\/\1>)[^])*\t\t<\/\1>\n/g;

/**
 * Each place of the owner's entries changed by itself, each entry removed or exchanged with the next, and each hostile
 * rule beside each rule.
 */
export function pfsenseMutations(text: string, owner: string): readonly TextMutation[] {
  const ours = [...text.matchAll(ENTRY)].filter(([entry]) => entry.includes(`cpanel-edge:${owner}/`));
  const outside = [...text.matchAll(/<interface>(\w+)<\/interface>(?:(?!<rule>)[^])*?\/nothing-else/g)].map(
    ([, key]) => key!,
  );
  return ours.flatMap((found, n) => {
    const [entry, kind] = found;
    const put = (to: string, length = entry.length): string =>
      text.slice(0, found.index) + to + text.slice(found.index + length);
    const edits = PATTERNS.flatMap(([what, pattern, change]) =>
      [...entry.matchAll(pattern)].flatMap((place) => {
        const to = change(place);
        return to === undefined || to === place[0]
          ? []
          : [
              {
                what: `${kind}: ${what}`,
                text: put(entry.slice(0, place.index) + to + entry.slice(place.index + place[0].length)),
              },
            ];
      }),
    );
    const next = ours[n + 1];
    const adjacent = next !== undefined && next[1] === kind && next.index === found.index + entry.length;
    const added = (on: string, inner: string): string =>
      `\t\t<rule><tracker>3111111111</tracker><type>pass</type><interface>${on}</interface>${inner}<descr><![CDATA[cpanel-edge:${owner}/added-0000 added]]></descr></rule>\n`;
    return [
      { what: `${kind}: left out`, text: put('') },
      ...(adjacent
        ? [{ what: `${kind}: exchanged with the next`, text: put(next[0] + entry, entry.length + next[0].length) }]
        : []),
      ...edits,
      ...(kind === 'rule'
        ? outside.flatMap((on) =>
            HOSTILE.map(([what, inner]) => ({ what: `${what}, by ${on}`, text: put(entry + added(on, inner)) })),
          )
        : []),
    ];
  });
}
