// Tests the list of open services in the summary of `npm start`, and its table of proven and observed ports.

import { openTo } from '../../../lab/start/open-services';
import { firstLine, observedSections } from '../../../lab/start/report';
import { Compared, countAsked } from '../../../lab/compare-reachability';
import { DeviceReport } from '../../../lib/exposure/report/exposure-report-types';

const TCP = [{ first: 6, last: 6 }];
const ports = (...numbers: readonly number[]) => numbers.map((port) => ({ first: port, last: port }));

/** An entry with what is read of it here. */
function entry(
  to: string,
  from: string,
  service: string,
  open: readonly { first: number; last: number }[] = [],
): object {
  return {
    disposition: 'allowed',
    reason: '',
    destinations: to.split(', '),
    destinationCount: to.split(', ').length,
    sources: from,
    service,
    packets: { protocols: TCP, ports: open },
  };
}

const report = (sections: readonly { scope: string; entries: readonly object[] }[]): DeviceReport =>
  ({
    sections: sections.map((section) => ({
      ...section,
      hostNames: { gateway: 'edge1', servers: new Map([['10.0.0.10', 'web1']]) },
    })),
  }) as unknown as DeviceReport;

const NETWORKS = new Map([['10.9.0.0/24', 'management']]);

describe('what is open to whom', () => {
  it('is told by services, of whom the internet comes first', () => {
    const entries = [
      entry('203.0.113.10', '10.9.0.0/24', 'tcp 22,2087', ports(22, 2087)),
      entry('203.0.113.10', 'anywhere but 203.0.113.99', 'icmp echo-request'),
      entry('203.0.113.10', 'anywhere but 203.0.113.99', 'tcp 80,443', ports(80, 443)),
      entry('any IPv4', '10.0.0.10', 'all protocols'),
    ];
    expect(openTo(report([{ scope: 'end to end', entries }]), NETWORKS)).toEqual([
      {
        title: 'Open at 203.0.113.10, as proven',
        rows: [
          { who: 'the internet but 203.0.113.99', services: ['http', 'https', 'ping'] },
          { who: 'management 10.9.0.0/24', services: ['ssh', 'whm'] },
        ],
      },
    ]);
  });

  it('has a port without a name as a number, and everything as everything', () => {
    const entries = [
      entry('10.0.0.10', 'anywhere', 'tcp 80,8099', ports(80, 8099)),
      entry('10.0.0.10', '10.0.0.0/24, 10.9.0.0/24', 'all protocols'),
      { ...entry('10.0.0.10', '192.0.2.1', 'tcp 25', ports(25)), disposition: 'unknown', reason: 'line 4' },
    ];
    expect(openTo(report([{ scope: 'device', entries }]), NETWORKS)).toEqual([
      {
        title: "web1's own firewall, at 10.0.0.10",
        rows: [
          { who: 'the internet', services: ['tcp 80,8099'] },
          { who: '10.0.0.0/24, management 10.9.0.0/24', services: ['everything'] },
          { who: '192.0.2.1', services: ['UNKNOWN tcp 25 (line 4)'] },
        ],
      },
    ]);
  });

  it('refers to the first list where another one has all of it', () => {
    const web = ports(25, 80, 443);
    const icmpv6 = 'icmpv6 echo-request,mld-listener-query,nd-router-advert';
    const sections = [
      { scope: 'end to end', entries: [entry('203.0.113.10', 'anywhere', 'tcp 25,80,443', web)] },
      {
        scope: 'device',
        entries: [entry('10.0.0.10', 'anywhere', 'tcp 25,80,443', web), entry('10.0.0.10', 'anywhere', icmpv6)],
      },
    ];
    expect(openTo(report(sections), NETWORKS).map(({ rows }) => rows[0]!.services)).toEqual([
      ['smtp', 'http', 'https'],
      ['as the internet at 203.0.113.10', 'neighbour discovery', 'ping'],
    ]);
  });

  it('leaves out the own firewall of no server that has a name', () =>
    expect(
      openTo(report([{ scope: 'device', entries: [entry('192.0.2.7', 'anywhere', 'tcp 80', ports(80))] }]), NETWORKS),
    ).toEqual([]));
});

test('what the lab is asked in sum', () =>
  expect(countAsked()).toEqual({ tcp: 786_420, udp: 84, places: 6, addresses: 4 }));

describe('the report', () => {
  const compared = (between: string, about: string, observed: string, proven: string): Compared => ({
    question: `${between}, ${about}`,
    between,
    observed,
    proven,
    same: observed === proven,
  });
  const same = compared('peer to 203.0.113.10', 'tcp', '80,443', '80,443');
  const other = compared('peer to 203.0.113.10', 'udp', '53', 'none');
  const mappings = ['203.0.113.10 to web1 10.0.0.10'];

  it('begins with what was done, and whether it is as proven', () => {
    const done =
      'The stack "lab" (203.0.113.10 to web1 10.0.0.10) was deployed into a lab on this machine and every port was asked: ';
    expect(firstLine(mappings, [same], '').words).toBe(`${done}everything that was observed is what was proven.`);
    expect(firstLine(mappings, [same, other], '')).toMatchObject({
      tone: 'bad',
      words: `${done}1 of 2 answers differ from what was proven.`,
    });
    expect(firstLine(mappings, undefined, 'nmap is missing.').words).toBe(
      'The stack "lab" (203.0.113.10 to web1 10.0.0.10) was proven, and was not deployed: nmap is missing.',
    );
  });

  it('has what was proven and what was observed beside each other, a row for each who asked', () => {
    const [all, ...more] = observedSections([same, compared('peer to 203.0.113.10', 'icmp', 'all', 'all')]);
    expect(more).toEqual([]);
    const cell = ['tcp: 80,443', { sign: '\n' }, 'icmp: all'];
    expect(all.table?.rows).toEqual([['✔', 'peer to 203.0.113.10', cell, cell]]);
  });

  it('has what differs first, and whole', () => {
    const [first, all] = observedSections([same, other]);
    expect(first.title).toBe('Differs from what was proven');
    expect(first.items).toEqual([
      {
        words: 'peer to 203.0.113.10, udp',
        tone: 'bad',
        fields: [
          ['proven', 'none'],
          ['observed', '53'],
        ],
      },
    ]);
    expect(all?.table?.rows[0]?.[0]).toEqual([{ strong: 'DIFFERS' }]);
  });
});
