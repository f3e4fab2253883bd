// Tests that the tables of docs/reference/services.md have the services and presets of the code.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS } from '../../lib/intent/data/presets';
import { OUTBOUND_SERVICES, OutboundPort, SERVICES, ServicePort } from '../../lib/intent/data/services';

const PAGE = join(__dirname, '../../docs/reference/services.md');

const ports = (list: readonly ServicePort[]): string =>
  list.map(({ first, last, protocol }) => `${first === last ? first : `${first}-${last}`}/${protocol}`).join(', ');
const outwards = (list: readonly OutboundPort[]): string =>
  list.map((one) => `${ports([one])}${one.from ? ` from source port ${one.from.join(' or ')}` : ''}`).join(', ');
/** A service of a preset may show its port already. */
const each = (parts: readonly (readonly [name: string, list: string])[]): string =>
  parts.map(([name, list]) => `${name} (${list})`).join(', ') || 'nothing';
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

const TABLES: Readonly<Record<string, string>> = {
  services: table(
    ['service', 'ports', 'for whom'],
    [...SERVICES].map(([name, { ports: list, administrative }]) => [
      `\`${name}\``,
      ports(list),
      administrative ? 'administrators: needs a `from`' : 'everybody that `sources` says',
    ]),
  ),
  outbound: table(
    ['name', 'ports'],
    [...OUTBOUND_SERVICES].map(([name, list]) => [`\`${name}\``, outwards(list)]),
  ),
  presets: table(
    ['preset', 'opens', 'connects to, where `outbound` names it'],
    [...PRESETS].map(([name, { inbound, outbound }]) => [
      `\`${name}\``,
      each(inbound.map(([part, { ports: list }]) => [part, ports(list)])),
      each(outbound.map(([part, list]) => [part, outwards(list)])),
    ]),
  ),
};

it.each(Object.entries(TABLES))('the page has the generated table of %s', (name, made) => {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(`<!-- ${name} -->\n\n`);
  const now = rest.slice(0, rest.indexOf('\n\n') + 1 || undefined);
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined)
    writeFileSync(PAGE, `${before}<!-- ${name} -->\n\n${made}${rest.slice(now.length)}`);
  else expect(now).toBe(made);
});

it('mail is for every source, WHM for administrators, and the licence check leaves from ports 4 and 1020', () => {
  expect(TABLES['services']).toContain('| `imaps` | 993/tcp | everybody that `sources` says |\n');
  expect(TABLES['services']).toContain('| `whm` | 2087/tcp | administrators: needs a `from` |\n');
  expect(TABLES['outbound']).toContain('| `licence` | 2089/tcp from source port 4 or 1020 |\n');
  expect(TABLES['presets']).toContain('| `dns` | dns (53/tcp, 53/udp) | dns (53/tcp, 53/udp) |\n');
});
