// Tests firewalld zones that consist of several files: the parsed zone passes the same packets as the rules that a real
// firewalld loads.

import { parseAddress } from '../../../lib/net/address';
import { findByLocation } from '../../../lib/net/device';
import { PROTOCOL } from '../../../lib/net/packet';
import { parser } from '../../../lib/platforms/firewalld/parse/parser';
import { parser as nftables } from '../../../lib/platforms/nftables/parse/parser';
import { EvaluatedConfig } from '../../../lib/parse/config-parser';
import { port, router } from '../../devices';
import { problemsOf } from '../../problems';
import { temporaryFolder } from '../../temporary-folder';
import { server, verdicts } from './get-dispositions';
import {
  EARLIER,
  LATER,
  PROGRAMS,
  Tree,
  describeFirewalld,
  describeWith,
  loadedFrom,
  printedWithStock,
} from './daemon';
import { addFullRows } from '../../tier';

// Zones of several files, zones/NAME/*.xml, as the programs load and the parser parses them.

const folder = temporaryFolder();
const TRIED = { '1.1': EARLIER, '1.3': PROGRAMS, '2.3': LATER['2.3'], '2.5': LATER['2.5'] } as const;
type Named = keyof typeof TRIED;

const CONF = { 'firewalld.conf': 'DefaultZone=public\n' };
const ETH0 = '<interface name="eth0"/>';
const open = (number: number): string => `<port port="${number}" protocol="tcp"/>`;
const zone = (items: string, attributes = ''): string => `<zone${attributes}>${items}</zone>\n`;
const rich = (does: string): string => `<rule priority="-5">${open(80)}<${does}/></rule>`;
const tcp = (...numbers: readonly number[]): readonly string[] => numbers.map((one) => `tcp ${one} from 198.18.0.1`);
const PING = 'icmp 8 from 198.18.0.1';

interface Said {
  readonly passes: readonly string[];
  readonly stops: readonly string[];
}

/** The outcome in all versions, and in those that differ. */
const CASES: Readonly<
  Record<string, { readonly etc: Tree; readonly all: Said } & Readonly<Partial<Record<Named, Said>>>>
> = {
  'elements of all files belong to the zone, also a repeated interface': {
    etc: { ...CONF, 'zones/more/a.xml': zone(ETH0 + open(80)), 'zones/more/b.xml': zone(ETH0 + open(81)) },
    all: { passes: tcp(80, 81), stops: tcp(22) },
  },
  'targets of the files are ignored': {
    etc: {
      ...CONF,
      'zones/more/a.xml': zone(ETH0, ' target="ACCEPT"'),
      'zones/more/b.xml': zone('', ' target="DROP"'),
    },
    all: { passes: [PING], stops: tcp(80) },
  },
  'a folder replaces the package’s zone of its name': {
    etc: { ...CONF, 'zones/public/a.xml': zone(open(80)) },
    all: { passes: tcp(80), stops: tcp(22) },
  },
  'a folder replaces the administrator’s file; before 1.2 it adds to that': {
    etc: { ...CONF, 'zones/more.xml': zone(ETH0 + open(80)), 'zones/more/a.xml': zone(ETH0 + open(81)) },
    all: { passes: tcp(81), stops: tcp(80) },
    '1.1': { passes: tcp(80, 81), stops: tcp(22) },
  },
  'the target of the administrator’s file counts before 1.2': {
    etc: { ...CONF, 'zones/more.xml': zone(ETH0, ' target="ACCEPT"'), 'zones/more/a.xml': zone(ETH0 + open(81)) },
    all: { passes: tcp(81), stops: tcp(80) },
    '1.1': { passes: tcp(80, 81), stops: [] },
  },
  'rules of one priority are in the order of the file names, before 1.2 with their endings': {
    etc: { ...CONF, 'zones/more/a.xml': zone(ETH0 + rich('drop')), 'zones/more/a-b.xml': zone(rich('accept')) },
    all: { passes: [], stops: tcp(80) },
    '1.1': { passes: tcp(80), stops: [] },
    // The programs order them differently.
    '2.3': { passes: tcp(80), stops: [] },
    '2.5': { passes: tcp(80), stops: [] },
  },
  'policies may name the zone': {
    etc: {
      ...CONF,
      'zones/more/a.xml': zone(ETH0),
      'policies/p.xml': `<policy target="CONTINUE" priority="-5"><ingress-zone name="more"/><egress-zone name="HOST"/>${open(80)}</policy>\n`,
    },
    all: { passes: tcp(80), stops: tcp(81) },
  },
  'the zone may be the default zone': {
    etc: { 'firewalld.conf': 'DefaultZone=more\n', 'zones/more/a.xml': zone(open(80)) },
    all: { passes: tcp(80), stops: tcp(22) },
  },
  'policies, services and sets have no folders, and a folder of the package’s zones is ignored': {
    etc: {
      ...CONF,
      'zones/public.xml': zone(open(80)),
      'policies/more/p.xml':
        '<policy target="ACCEPT" priority="-5"><ingress-zone name="ANY"/><egress-zone name="HOST"/></policy>\n',
    },
    all: { passes: tcp(80), stops: tcp(81) },
  },
};

/** Files that no version loads. 1.1 ignores the file, and the parser refuses it. */
const BROKEN: Readonly<Record<string, Tree>> = {
  'a copy of a zone in a folder has the same interface': {
    ...CONF,
    'zones/public.xml': zone(ETH0),
    'zones/old/public.xml': zone(ETH0),
  },
  'a folder with an invalid name': { ...CONF, 'zones/my.zone/a.xml': zone(ETH0) },
  'a file with an invalid name': { ...CONF, 'zones/more/a.b.xml': zone(ETH0) },
  'an invalid file': { ...CONF, 'zones/more/a.xml': zone(ETH0), 'zones/more/b.xml': '<zone>' },
  'a file with an invalid target': { ...CONF, 'zones/more/a.xml': zone(ETH0, ' target="accept"') },
};

// Versions 1.1 and 1.3 merge different elements.
describe.each(addFullRows<Named>(['1.1', '1.3'], ['2.3', '2.5']))('firewalld %s', (version) => {
  const programs = TRIED[version];
  describeWith(programs)('and zones of several files', () => {
    it.each(Object.entries(CASES))('%s', (_, { etc, all, ...by }) => {
      const said = by[version] ?? all;
      const { state, ruleset } = loadedFrom(etc, folder, programs);
      expect([state, verdicts(nftables.read(ruleset, server), said)]).toEqual(['running', said]);
      expect(verdicts(parser.read(printedWithStock(etc, programs), server), said)).toEqual(said);
    });

    it('packets between its interfaces pass if a file says so, and in 1.0 and 1.1 always', () => {
      const gateway = router([port('eth0', 'outside', ['198.51.100.50/24']), port('eth1', 'inside', ['10.0.0.50/24'])]);
      const etc = { ...CONF, 'zones/more/a.xml': zone(ETH0), 'zones/more/b.xml': zone('<interface name="eth1"/>') };
      const through = {
        source: parseAddress('198.18.0.1')!,
        destination: parseAddress('10.0.0.9')!,
        protocol: PROTOCOL.tcp,
        port: 80,
        sourcePort: 40_000,
      };
      const passes = (of: EvaluatedConfig): boolean =>
        findByLocation(of.reachability.views, { kind: 'interface', name: 'eth0' })!.dispositions.findValue(through)
          ?.is === 'allowed';
      const both = (some: Tree): readonly boolean[] => [
        passes(nftables.read(loadedFrom(some, folder, programs).ruleset, gateway)),
        passes(parser.read(printedWithStock(some, programs), gateway)),
      ];
      expect(both(etc)).toEqual(version === '1.1' ? [true, true] : [false, false]);
      expect(both({ ...etc, 'zones/more/c.xml': zone('<forward/>') })).toEqual([true, true]);
    });

    if (version !== '1.1')
      it.each(Object.entries(BROKEN))('are refused: %s', (_, etc) => {
        expect(loadedFrom(etc, folder, programs).state).toBe('failed');
        const codes = problemsOf(() => parser.read(printedWithStock(etc, programs), server)).map(({ code }) => code);
        expect([...new Set(codes)]).toEqual(['firewalld/broken']);
      });
  });
});

describeFirewalld('a zone of several files', () => {
  it('has the line numbers of each file', () => {
    const etc = { ...CONF, 'zones/more/a.xml': zone(`\n${ETH0}\n`), 'zones/more/b.xml': zone(`\n\n${open(80)}\n`) };
    const text = printedWithStock(etc);
    const reading = parser.read(text, server);
    const packet = {
      source: parseAddress('198.18.0.1')!,
      destination: parseAddress('198.51.100.50')!,
      protocol: PROTOCOL.tcp,
      port: 80,
      sourcePort: 40_000,
    };
    const { lines } = reading.explain({ kind: 'interface', name: 'eth0' }, packet);
    const at = text.split('\n').findIndex((line) => line.includes(open(80)));
    expect(lines).toContainEqual({ number: at + 1, text: open(80) });
  });

  it('is refused with a folder in a folder', () => {
    const text = printedWithStock({ ...CONF, 'zones/more/deep/a.xml': zone(ETH0 + open(80)) });
    expect(problemsOf(() => parser.read(text, server)).map(({ code }) => code)).toEqual(['firewalld/combined-zone']);
  });
});
