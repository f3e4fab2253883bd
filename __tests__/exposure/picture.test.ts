// Tests the picture in the report on a ruleset: boxes and arrows for the hosts that the internet reaches, with their
// open and unknown services.

import { printExposureHtml } from '../../lib/exposure/print/exposure-html';
import { EntryReport, SectionReport } from '../../lib/exposure/report/exposure-report-types';
import { attribute, parsed, sha256, textWithin } from '../printing/parsed';

const entry = (parts: Partial<EntryReport>): EntryReport => ({
  disposition: 'allowed',
  reason: '',
  except: '',
  fromInternet: true,
  startLocations: ['the internet by wan0'],
  destinations: ['203.0.113.10'],
  destinationCount: 1,
  service: 'tcp 443',
  serviceNames: [],
  sources: 'anywhere',
  translatedDestination: '',
  translatedSource: '',
  examplePacket: '',
  decidingLines: [],

  families: ['ip'],
  starts: [{ startLocation: { kind: 'interface', name: 'wan0' }, side: 'outside', interfaces: 'wan0' }],
  bypassesGateways: false,
  hasAllLines: true,
  packets: { family: 'ip', destinations: [], sources: [], protocols: [], ports: [], sourcePorts: [] },
  ...parts,
});

/** The texts of the picture, arrows first, and the tones of arrows and what stands on them. */
function drawn(...sections: readonly (readonly [SectionReport['scope'], ...EntryReport[]])[]) {
  const device = {
    name: 'edge1',
    format: 'nftables',
    knownFacts: [],
    assumptions: [],
    wideningAssumptions: [],
    possibleUplinks: [],
    limits: [],
    ignoredLines: [],
    deniedReasons: [],
    findings: [],
  };
  const told = sections.map(([scope, ...entries]) => ({
    scope,
    title: 'x',
    entries,
    ...(scope === 'end to end' ? { hostNames: { gateway: 'gw1', servers: new Map() } } : {}),
  }));
  const report = {
    schema: 2 as const,
    filters: '',
    unknown: false,
    answer: 'notAsked' as const,
    answers: [],
    furtherLines: [],
    headline: 'x',
    devices: [{ ...device, sections: told }],
  };
  const { elements } = parsed(printExposureHtml(report, sha256));
  const called = (name: string) => elements.filter(({ tagName }) => tagName === name);
  return {
    texts: called('text').map((one) => textWithin(one).trim()),
    titles: called('title')
      .map((one) => textWithin(one).trim())
      .slice(1),
    tones: called('g').map((one) => attribute(one, 'class')),
    arrows: called('path').length,
  };
}

describe('the picture of an exposure', () => {
  it('points to the device itself: first undecided services, then those open to all, then those for some', () => {
    const to = ['this server by IPv4'];
    expect(
      drawn([
        'host',
        entry({ destinations: to, service: 'tcp 22', sources: '192.0.2.0/28, 198.51.100.7' }),
        entry({ destinations: to }),
        entry({
          destinations: to,
          service: 'udp 53',
          disposition: 'unknown',
          reason: 'line 7: a limit',
          sources: 'anywhere but 192.0.2.9',
        }),
        entry({ destinations: to, service: 'tcp 25', sources: 'anywhere but 192.0.2.0/24, 198.51.100.0/24' }),
      ]),
    ).toEqual({
      texts: [
        'this server by IPv4',
        'undecided for anybody but 192.0.2.9: udp 53 (line 7:',
        'a limit)',
        'anybody: tcp 443',
        'anybody but 192.0.2.0/24 and 1 more: tcp 25',
        '192.0.2.0/28 and 1 more: tcp 22',
        'the internet',
        'edge1',
      ],
      titles: [],
      tones: ['bad', 'unsure', 'bad', 'bad', 'plain'],
      arrows: 1,
    });
  });

  it("has an arrow for each set of addresses, so that a port isn't shown at an address where it is closed", () => {
    const own = ['2001:db8:1111:2222:3333:4444:5555:6666'];
    const { texts, arrows } = drawn([
      'host',
      entry({ destinations: own, service: 'tcp 22' }),
      entry({ destinations: ['this server'], service: 'tcp 3306' }),
    ]);
    expect([texts, arrows]).toEqual([
      ['2001:db8:1111:2222:3333:44…', 'anybody: tcp 22', 'this server', 'anybody: tcp 3306', 'the internet', 'edge1'],
      2,
    ]);
    const two = drawn(['host', entry({ destinations: [...own, '203.0.113.9'], destinationCount: 2 })]).texts.slice(
      0,
      2,
    );
    expect(two).toEqual(['2001:db8:1111:2222:3333:44…', 'and 1 more']);
    const but = drawn([
      'host',
      entry({ destinations: ['any IPv4 but 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24'], destinationCount: 2 }),
    ]).texts.slice(0, 2);
    expect(but).toEqual(['any IPv4 but 192.0.2.0/24,…', 'and 1 more']);
  });

  it('draws translated packets through the device to their destination, and counts several addresses', () => {
    const { texts, arrows } = drawn([
      'device',
      entry({ translatedDestination: '10.0.0.10' }),
      entry({
        destinations: ['203.0.113.12', '203.0.113.13'],
        destinationCount: 70,
        translatedDestination: 'the same port 22',
        service: 'tcp 2200',
      }),
      entry({ translatedDestination: '10.0.0.10 port 8443', service: 'tcp 8443' }),
      entry({ destinations: ['any other host by IPv4'], service: 'all protocols' }),
    ]);
    expect([texts, arrows]).toEqual([
      [
        '203.0.113.10',
        'anybody: tcp 443, tcp 8443',
        '203.0.113.12 and 69 more',
        'anybody: tcp 2200',
        'any other host by IPv4',
        'anybody: all protocols',
        'the internet',
        'edge1',
        '10.0.0.10',
        '203.0.113.12 and 69 more',
        'any other host by IPv4',
      ],
      6,
    ]);
  });

  it('has the reason for undecided in the label if it fits, otherwise as a title', () => {
    const because = 'line 7: a limit may match or not, and so may the one of line 8, which is asked before it';
    expect(drawn(['host', entry({ disposition: 'unknown', reason: 'line 7: a limit' })]).texts[1]).toBe(
      'undecided for anybody: tcp 443 (line 7: a limit)',
    );
    const cut = drawn(['host', entry({ disposition: 'unknown', reason: because })]);
    expect([cut.texts[1], cut.titles]).toEqual([
      'undecided for anybody: tcp 443',
      [`undecided for anybody: tcp 443 (${because})`],
    ]);
  });

  it('draws translated packets to its own address through the device as well', () => {
    const { texts, arrows } = drawn(
      [
        'host',
        entry({ destinations: ['this server'], service: 'tcp 8080', translatedDestination: '172.17.0.2 port 80' }),
      ],
      ['device', entry({ destinations: ['172.17.0.2'], service: 'tcp 80' })],
    );
    expect([texts, arrows]).toEqual([
      ['this server', 'anybody: tcp 8080', '172.17.0.2', 'anybody: tcp 80', 'the internet', 'edge1', '172.17.0.2'],
      4,
    ]);
  });

  it("shows end-to-end results only, if a gateway's servers are known", () => {
    const { texts } = drawn(
      ['end to end', entry({ translatedDestination: '10.0.0.10' })],
      ['device', entry({ translatedDestination: '10.0.0.99' })],
    );
    expect(texts.slice(2)).toEqual(['the internet', 'gw1', '10.0.0.10']);
  });

  it("draws an arrow past the gateways to a server's own addresses", () => {
    const { texts, arrows } = drawn(
      ['end to end', entry({ translatedDestination: '10.0.0.10' })],
      [
        'device',
        entry({ destinations: ['2001:db8::10'], bypassesGateways: true }),
        entry({ destinations: ['10.0.0.10'] }),
      ],
    );
    expect([texts.slice(2), arrows]).toEqual([
      ['anybody: tcp 443', 'the internet', 'gw1', '10.0.0.10', '2001:db8::10'],
      3,
    ]);
  });

  it('is omitted if nothing is reachable from the internet', () => {
    expect(drawn(['self', entry({ starts: [] })], ['device'])).toEqual({ texts: [], titles: [], tones: [], arrows: 0 });
  });
});
