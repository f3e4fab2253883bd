// Tests reviews of servers that move to another platform: only what the move really opens or closes is reported.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLiveAnswers } from '../../cli/parse-verify-answers';
import { Policy } from '../../lib/policy/policy';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { platforms } from '../../lib/registry';
import { createReview } from '../../lib/review/judging/create-review';
import { EDGE } from '../cases/edge';
import { compiled } from '../support';
import { Review } from '../../lib/review/review';
import { temporaryFolder } from '../temporary-folder';
import { KNOWN, ownersOf, planOf, profile, recorded, reviewed, rows, running, server, web } from './samples';

const on = (platform: keyof typeof platforms): readonly Policy[] =>
  compiled({ servers: [server('web1', '10.0.0.10', profile(['https']))] }, platform).policies;

const said = (from: keyof typeof platforms, to: keyof typeof platforms) => {
  const review = reviewed(on(from), on(to));
  const [device] = review.devices;
  return {
    headline: review.headline,
    rows: rows(review),
    action: device!.action,
    delivery: device!.delivery.split(';')[0],
  };
};

const BESIDE = 'the new rules load beside the old ones, which go when it is confirmed';

test('a server that moves and exposes the same', () =>
  expect(said('nftables', 'iptables')).toEqual({
    headline:
      'web1/hosting moves from nftables to iptables, nothing that is reachable changes; 1 warning as before; no review rules were given',
    rows: [],
    action: 'same exposure, from nftables to iptables',
    delivery: BESIDE,
  }));

test('a server that no longer translates its own public address itself isn\'t "moved", since its gateway may reflect', () => {
  const at = (platform: keyof typeof platforms): readonly Policy[] => [
    ...web(['https']).filter(({ kind }) => kind === 'gateway'),
    ...compiled(
      {
        gateway: {
          ...EDGE,
          virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
          mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
        },
        servers: [server('web1', '10.0.0.10', profile(['https']))],
      },
      platform,
    ).policies.filter(({ kind }) => kind === 'server'),
  ];
  const headline = (from: keyof typeof platforms, to: keyof typeof platforms): string =>
    reviewed(at(from), at(to)).headline.split('; ')[0]!;
  expect(headline('nftables', 'firewalld')).toBe(
    'web1/hosting moves from nftables to firewalld, web1 no longer leads 203.0.113.10 to itself',
  );
  expect(headline('firewalld', 'nftables')).toBe(
    'web1/hosting moves from firewalld to nftables, web1 leads 203.0.113.10 to itself',
  );
});

test('a move to a platform that lets in more ICMP isn\'t "open for a moment": the old rules stay until the confirmation', () =>
  expect(said('nftables', 'csf')).toMatchObject({
    headline: expect.stringMatching(
      /^web1\/hosting moves from nftables to csf, icmp all but echo-request opens to every source that reaches 10\.0\.0\.10, /,
    ) as string,
    action: 'changed, from nftables to csf',
    delivery: BESIDE,
  }));

test('ICMP of several types is called ICMP', () =>
  expect(said('nftables', 'apf').headline).toMatch(
    /^web1\/hosting moves from nftables to apf, ICMP opens to every source that reaches 10\.0\.0\.10/,
  ));

test("the device line of a server's first release says that it closes what its profile doesn't open", () => {
  const [device] = reviewed([], on('nftables')).devices;
  expect(device!.action).toBe('first release: what its profile does not open is closed');
});

test.each([
  ['nftables', 'iptables'],
  ['csf', 'nftables'],
] as const)("parses a device's answer as %s, also if the device moves to %s", (from, to) => {
  const [was] = on(from);
  const live = new Map([
    ['web1', { text: recorded(was!).text, device: verifyPolicy(was!).device, otherReleases: new Map() }],
  ]);
  const { verdict, unknown, notes } = reviewed(on(from), on(to), { live });
  expect([verdict, unknown]).toEqual(['nothing to object to', []]);
  expect(notes.map(({ code }) => code)).toContain('review/rules-beside-not-judged');
});

test.each(['csf', 'apf'] as const)('makes up no rules before a first release on %s', (platform) => {
  const review = reviewed([], on(platform));
  const [before, ...lines] = review.devices[0]!.textDiff;
  expect(before).toBe('what these lines take the place of is not known');
  expect(lines.map((line) => line[0])).toEqual(lines.map(() => '+'));
  expect(lines.map((line) => line.slice(1))).toEqual(recorded(on(platform)[0]!).text.trimEnd().split('\n'));
  expect(JSON.stringify(review)).not.toContain('cpanel-edge:nobody');
});

test.each(['csf', 'apf'] as const)('makes up no rules that a failed first release on %s may have left', (platform) => {
  const [was] = on(platform);
  const wider = compiled({ servers: [server('web1', '10.0.0.10', profile(['imaps']))] }, platform).policies;
  const [owner] = ownersOf([was!], wider);
  const review = createReview([planOf([{ ...owner!, before: [running(was!, 'tainted')], mayRunNone: true }])], KNOWN);
  expect(review.counts.opened).toBeGreaterThan(0);
  expect(JSON.stringify(review)).not.toMatch(/nobody |0:65535\\"|d=0_65535/);
});

describe('a device that runs a release of another platform than the recorded one', () => {
  const folder = temporaryFolder();
  const reviewedLive = (runs: keyof typeof platforms, said: Readonly<Record<string, string>>): Review => {
    const [released] = on(runs);
    const file = join(folder, 'live.json');
    const facts = {
      addresses: '2: eth0    inet 10.0.0.10/24 scope global eth0\n',
      links: '2: eth0: <BROADCAST,UP> mtu 1500\n',
      routes: 'default via 10.0.0.1 dev eth0\n',
      forwarding: { ip: false, ip6: false },
      legacyTables: [],
      version: 'v1.0.6',
      ...said,
    };
    const owner = { owner: released!.owner, role: 'server', state: 'confirmed', digest: 'e'.repeat(64), ...said };
    const answer = {
      format: 1,
      device: 'web1',
      same: false,
      owners: [owner],
      ruleset: verifyPolicy(released!).generated.text,
      facts,
    };
    writeFileSync(file, JSON.stringify(answer));
    const plans = [planOf(ownersOf(on('nftables'), on('nftables')))];
    return createReview(plans, { ...KNOWN, live: readLiveAnswers([file], plans) });
  };

  test('is parsed as that platform, which is named', () => {
    const { objections, unknown, devices } = reviewedLive('iptables', { platform: 'iptables' });
    expect([unknown.map(({ what }) => what), devices.map(({ device }) => device)]).toEqual([[], ['web1']]);
    expect(objections.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(
        /^The device runs release eeeeeeeeeeee, of platform iptables\. That is no release of the state /,
      ),
    );
  });
});
