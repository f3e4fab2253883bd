// Tests that the tables of docs/reference/platforms.md show what the capabilities of each platform say.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platforms } from '../../lib/registry';
import { Capability, NamedCapability, Capabilities, listRoles } from '../../lib/generate/capabilities';

const page = join(__dirname, '../../docs/reference/platforms.md');

const yes = (is: boolean, words = 'yes'): string => (is ? words : 'no');
const words = (list: readonly string[]): string => (list.length === 0 ? 'none' : list.join(', '));
const able = (is: Capability | undefined): string => (is === undefined ? '' : yes(is === true));
const ableOf = (is: NamedCapability | undefined): string =>
  is !== undefined && is !== true && 'names' in is ? words(is.names) : able(is);
const kinds = (of: Readonly<Record<string, Capability>> | undefined): string =>
  of === undefined ? '' : words(Object.keys(of).filter((kind) => of[kind] === true));

/** A line per capability, in a user's words; empty if a platform doesn't support the role. */
const ROWS: readonly (readonly [string, (of: Capabilities) => string])[] = [
  ['serves as', (of) => words(listRoles(of))],
  ['versions', ({ versions }) => words(versions)],
  ['which is printed by', ({ versionCommand }) => `\`${versionCommand}\``],
  ['virtual IPs', ({ gateway }) => kinds(gateway?.virtualIps)],
  ['subnets', ({ gateway }) => able(gateway?.subnets)],
  ['destination restriction', ({ gateway }) => able(gateway?.destinationRestriction)],
  ['exclusion of inside addresses', ({ gateway }) => able(gateway?.exclusion.internal)],
  ['exclusion of peers', ({ gateway }) => able(gateway?.exclusion.peers)],
  ['inbound only', ({ gateway }) => able(gateway?.inboundOnly)],
  ['reflection', ({ gateway }) => kinds(gateway?.reflection)],
  ['mappings of IPv6', ({ gateway }) => able(gateway?.ipv6)],
  ['servers with IPv6', ({ server }) => able(server?.ipv6)],
  ['own public addresses of a server', ({ server }) => able(server?.ownPublic)],
  ['outbound connections listed', ({ server }) => able(server?.outbound)],
  ['outbound by source port', ({ server }) => able(server?.sourcePorts)],
  ['takes the place of other firewalls of a server', ({ server }) => ableOf(server?.replaces)],
  ['ports of protocols', ({ portProtocols }) => words(portProtocols.map((number) => NAMES[number]!))],
  [
    'source ports of connections through a mapping',
    ({ gateway }) => (gateway ? yes(gateway.keepsSourcePorts, 'kept') : ''),
  ],
  ['what is opened passes to the inside address, too', ({ excess }) => yes(excess.directToInside)],
  ['reflection leads every port', ({ excess }) => yes(excess.reflectsAllPorts)],
  ['changes over', ({ transition }) => transition],
  ['rolls back what is not confirmed', ({ commitConfirm }) => commitConfirm],
  ['a reboot rolls it back, too', ({ rebootUndo }) => yes(rebootUndo)],
  ['closing ends sessions', ({ excess }) => yes(!excess.sessionsPass)],
  ['ICMP passes as it is asked for', ({ excess, server }) => (server ? yes(!excess.icmpPasses) : '')],
  ['closes IPv6 of a server', ({ excess, server }) => (server ? yes(!excess.ipv6Passes) : '')],
  [
    'answers that a server hears',
    ({ excess: { replyProtocols }, server }) =>
      server ? (replyProtocols === 'all' ? 'all' : words(replyProtocols.map((number) => NAMES[number]!))) : '',
  ],
  [
    'what leaves a server that may reach anywhere',
    ({ excess: { outboundProtocols }, server }) =>
      server
        ? outboundProtocols === 'all'
          ? 'everything'
          : words(outboundProtocols.map((number) => NAMES[number]!))
        : '',
  ],
];

const NAMES: Readonly<Record<number, string>> = {
  1: 'ICMP',
  58: 'ICMPv6',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  132: 'SCTP',
  136: 'UDPLite',
};

function table(): string {
  const all = Object.entries(platforms);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [
    line(['', ...all.map(([id]) => id)]),
    line(['---', ...all.map(() => '---')]),
    ...ROWS.map(([name, of]) => line([name, ...all.map(([, { capabilities }]) => of(capabilities))])),
  ].join('');
}

const TABLE = /(?<=<!-- from the capabilities -->\n\n)(?:\|.*\n)+/;

it('the page shows the capabilities that the platforms state', () => {
  const text = readFileSync(page, 'utf8');
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined)
    writeFileSync(page, text.replace(TABLE, table()));
  expect(TABLE.exec(readFileSync(page, 'utf8'))?.[0]).toBe(table());
});
