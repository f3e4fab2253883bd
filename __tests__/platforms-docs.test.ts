import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Capabilities } from '../lib/platforms/platform';
import { platforms } from '../lib/registry';

const page = join(__dirname, '../docs/platforms.md');

const yes = (is: boolean, words = 'yes'): string => (is ? words : 'no');
const words = (list: readonly string[]): string => (list.length === 0 ? 'none' : list.join(', '));

/** A line per capability, as a person asks for it. */
const ROWS: readonly (readonly [string, (of: Capabilities) => string])[] = [
  ['serves as', ({ roles }) => words(roles)],
  ['versions', ({ versions }) => words(versions)],
  ['virtual IPs', ({ virtualIps }) => words(virtualIps)],
  ['subnets', ({ subnets }) => yes(subnets)],
  ['destination restriction', ({ destinationRestriction }) => yes(destinationRestriction)],
  ['exclusion of inside addresses', ({ exclusion }) => yes(exclusion.inside)],
  ['exclusion of peers', ({ exclusion }) => yes(exclusion.peer)],
  ['reflection', ({ reflection }) => words(reflection)],
  ['IPv6', ({ ipv6 }) => words([...(ipv6.mappings ? ['mappings'] : []), ...(ipv6.server ? ['servers'] : [])])],
  ['source ports of connections through a mapping', ({ keepsSourcePorts }) => yes(keepsSourcePorts, 'kept')],
  ['what is opened passes to the inside address, too', ({ excess }) => yes(excess.directToInside)],
  ['reflection leads every port', ({ excess }) => yes(excess.reflectsAllPorts)],
  ['changes over', ({ transition }) => transition],
  ['undoes what nobody confirms', ({ commitConfirm }) => commitConfirm],
  ['a reboot undoes it, too', ({ rebootUndo }) => yes(rebootUndo)],
  ['closing ends sessions', ({ endsSessions }) => yes(endsSessions)],
];

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

it('the page shows what the platforms say that they can', () => {
  const text = readFileSync(page, 'utf8');
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(page, text.replace(TABLE, table()));
  expect(TABLE.exec(readFileSync(page, 'utf8'))?.[0]).toBe(table());
});
