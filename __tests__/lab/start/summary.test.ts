// Tests the summary at the end of `npm start`: mappings, who reaches what, and the last line if nothing was deployed.

import { countColumns } from '../../../lib/report/text-columns';
import { OpenGroup } from '../../../lab/start/open-services';
import { missingLine, openLines, pictureLines, summaryLines } from '../../../lab/start/summary';

const WEB = { external: '203.0.113.10', internal: '10.0.0.10', server: 'web1', gateway: 'edge1' };
const OPEN: readonly OpenGroup[] = [
  {
    title: 'Open at 203.0.113.10, as proven',
    rows: [
      {
        who: 'the internet but 203.0.113.99',
        services: ['smtp', 'dns', 'http', 'https', 'smtps', 'submission', 'imaps', 'pop3s', 'ping'],
      },
      { who: 'lan 10.0.0.0/24, management 10.9.0.0/24', services: ['ssh', 'whm'] },
    ],
  },
];
const ASKED = { tcp: 786_420, udp: 84, places: 6, addresses: 4, answers: 75 };
const summary = { mappings: [WEB], open: OPEN, files: 'Report: r.html', room: 40 };

describe('the picture', () => {
  it('has a line for each mapping', () =>
    expect(pictureLines([WEB, { ...WEB, external: '203.0.113.11', internal: '10.0.0.11', server: '' }])).toEqual([
      '  internet ──▶ 203.0.113.10 ──▶ web1 10.0.0.10   (1:1 NAT on edge1)',
      '  internet ──▶ 203.0.113.11 ──▶ 10.0.0.11   (1:1 NAT on edge1)',
    ]));

  it('counts mappings that there is no room for', () =>
    expect(pictureLines(Array.from({ length: 1_004 }, () => WEB)).slice(4)).toEqual(['  and 1,000 more mappings']));
});

describe('who reaches what', () => {
  it('stands in two columns, each wrapped', () =>
    expect(openLines(OPEN)).toEqual([
      'Open at 203.0.113.10, as proven',
      '  the internet but 203.0.113.99  smtp, dns, http, https, smtps, submission,',
      '                                 imaps, pop3s, ping',
      '  lan 10.0.0.0/24, management    ssh, whm',
      '  10.9.0.0/24',
    ]));
});

describe('the lines after the steps', () => {
  it('end with the verdict and where the files are', () =>
    expect(summaryLines({ ...summary, observed: { ...ASKED, different: [] } })).toEqual([
      '',
      '  internet ──▶ 203.0.113.10 ──▶ web1 10.0.0.10   (1:1 NAT on edge1)',
      '',
      ...openLines(OPEN),
      '',
      '✓ Everything that was observed is what was proven; nothing else is open.',
      '  Asked: 786,504 ports and ping, GRE, SCTP, from 6 places to 4 addresses.',
      '',
      'Report: r.html',
    ]));

  it('begin with what differs, and leave out nothing for it', () => {
    const different = Array.from(
      { length: 30 },
      (_, at) => `  DIFFERENT  peer to 203.0.113.${at}, tcp\n    observed 1\n    proven 2`,
    );
    const lines = summaryLines({ ...summary, observed: { ...ASKED, different } });
    expect(lines.slice(0, 5)).toEqual([
      '',
      '✗ 30 of 75 answers DIFFER from what was proven:',
      '  DIFFERENT  peer to 203.0.113.0, tcp',
      '    observed 1',
      '    proven 2',
    ]);
    expect(lines).toContain('  DIFFERENT  peer to 203.0.113.29, tcp');
    expect(lines).toContain('✗ 30 of 75 answers differ from what was proven.');
    expect(lines.join('\n')).toContain(openLines(OPEN).join('\n'));
  });

  it('say nothing of an observation where nothing was asked', () =>
    expect(summaryLines(summary)).toEqual([
      '',
      '  internet ──▶ 203.0.113.10 ──▶ web1 10.0.0.10   (1:1 NAT on edge1)',
      '',
      ...openLines(OPEN),
      '',
      'Report: r.html',
    ]));

  it('keep to their room and to 80 columns where everything is as proven', () => {
    const rows = Array.from({ length: 60 }, (_, at) => ({
      who: `2001:db8:${at}::/48, network of the customer with the longest of names`,
      services: Array.from({ length: at }, (_, port) => `tcp ${port}`),
    }));
    for (const room of [12, 20, 26, 40]) {
      const open = [{ title: 'Open at 203.0.113.10, as proven', rows }];
      const lines = summaryLines({ ...summary, open, room, observed: { ...ASKED, different: [] } });
      expect(lines).toHaveLength(room);
      expect(lines.filter((line) => countColumns(line) > 80)).toEqual([]);
      expect(lines.find((line) => line.includes('more lines'))).toMatch(/^ {2}and [\d,]+ more lines, in the report$/);
    }
  });
});

describe('the last line where nothing was deployed', () => {
  it('names what is missing', () => {
    expect(missingLine(['nmap'], 'install it.')).toBe('Nothing was deployed: nmap is missing; install it.');
    expect(missingLine(['conntrack', 'nmap'], '--no-install was given.')).toBe(
      'Nothing was deployed: conntrack and nmap are missing; --no-install was given.',
    );
  });

  it('counts what there is no room for', () =>
    expect(
      missingLine(
        ['conntrack', 'iproute2', 'mmdebstrap', 'nftables', 'nmap', 'openssh-client'],
        '--no-install was given.',
      ),
    ).toBe('Nothing was deployed: conntrack and 5 more are missing; --no-install was given.'));
});
