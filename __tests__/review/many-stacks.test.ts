import * as work from '../../lib/net/work';
import { Policy } from '../../lib/policy/policy';
import { Plan } from '../../lib/review/plan';
import { reviewOf } from '../../lib/review/judging/reviewed';
import { printText } from '../../lib/review/print/text';
import { KNOWN, Profile, edge, ownersOf, planOf, policiesOf, profile, rows, server } from './samples';

// Every site has 10.0.0.0/24 inside, and 203.0.113.<n> outside.
const site = (n: number, services: Profile['services']): readonly Policy[] =>
  edge(
    { vip: `203.0.113.${n}` },
    [server(`web${n}`, '10.0.0.10', profile(services))],
    [{ name: 'web', virtualIp: 'vip', inside: { server: `web${n}` } }],
  ).map((policy) => (policy.kind === 'gateway' ? { ...policy, device: `edge${n}` } : policy));

const planned = (name: string, before: readonly Policy[], after: readonly Policy[]): Plan => planOf(ownersOf(before, after), { name });
const gatewayOf = (policies: readonly Policy[]): readonly Policy[] => policies.filter(({ kind }) => kind === 'gateway');
const serversOf = (policies: readonly Policy[]): readonly Policy[] => policies.filter(({ kind }) => kind === 'server');
const fromInternet = (plans: readonly Plan[]): readonly string[] => rows(reviewOf(plans, KNOWN)).filter((row) => row.includes('internet'));
const codesOf = (plans: readonly Plan[]): readonly string[] => reviewOf(plans, KNOWN).notes.map(({ code, where }) => `${code} ${where}`);

const [NARROW, WIDE] = [['443/tcp'], ['443/tcp', '993/tcp']] as const;
const opens = (n: number, proof: string, whom: string): string =>
  `opened (${proof}, edge${n}/hosting) from the internet by wan0: 203.0.113.${n} tcp 993 from anywhere reaches ${whom}`;

describe('whose server it is where several sites number alike', () => {
  it("is the one of the gateway's own plan", () => {
    const other = planned('b', site(20, WIDE), site(20, WIDE));
    const plans = [planned('a', site(10, NARROW), site(10, WIDE)), other];
    expect(fromInternet(plans)).toEqual([opens(10, 'end to end', '10.0.0.10 of web10')]);
    expect(codesOf(plans)).toEqual([]);
  });

  it('is the one of another plan where the own one has none', () => {
    const plans = [
      planned('gateway', gatewayOf(site(10, NARROW)), gatewayOf(site(10, WIDE))),
      planned('servers', serversOf(site(10, NARROW)), serversOf(site(10, WIDE))),
    ];
    expect(fromInternet(plans)).toEqual([opens(10, 'end to end', '10.0.0.10 of web10')]);
  });

  it('is the one that names its public address, among however many', () => {
    const sites = Array.from({ length: 7 }, (_, n) => n + 10);
    const plans = sites.flatMap((n) => [
      planned(`gateway${n}`, gatewayOf(site(n, NARROW)), gatewayOf(site(n, n === 13 ? WIDE : NARROW))),
      planned(`servers${n}`, serversOf(site(n, NARROW)), serversOf(site(n, n === 13 ? WIDE : NARROW))),
    ]);
    expect(fromInternet(plans)).toEqual([opens(13, 'end to end', '10.0.0.10 of web13')]);
    expect(codesOf(plans)).toEqual([]);
  });

  // A mapping to an address: no server knows of it.
  const gatewayAlone = (services: Profile['services']): readonly Policy[] =>
    gatewayOf(
      edge(
        { vip: '203.0.113.10' },
        [],
        [
          {
            name: 'web',
            virtualIp: 'vip',
            inside: '10.0.0.10',
            open: [{ ports: services.map((one) => Number(String(one).split('/')[0])), protocol: 'tcp', from: 'anywhere' }],
          },
        ],
      ),
    ).map((policy) => ({ ...policy, device: 'edge10' }));
  const serverAlone = (device: string): readonly Policy[] => policiesOf({ servers: [server(device, '10.0.0.10', profile(NARROW))] });
  const apart = (count: number): readonly Plan[] => [
    planned('gateway', gatewayAlone(NARROW), gatewayAlone(WIDE)),
    ...Array.from({ length: count }, (_, n) => planned(`servers${n}`, serverAlone(`web${n}`), serverAlone(`web${n}`))),
  ];

  it('is each of a few that nothing tells apart, and as open as the one that opens most', () => {
    expect(fromInternet(apart(3))).toEqual([]);
    expect(codesOf(apart(3))).toContain('review/shared-address edge10/hosting');
  });

  it("is nobody's of many, so the gateway's word stands, which is the worst case, and that is said", () => {
    expect(fromInternet(apart(7))).toEqual([opens(10, 'one device', '10.0.0.10')]);
    const notes = reviewOf(apart(7), KNOWN).notes.filter(({ where }) => where === 'edge10/hosting');
    expect(notes.map(({ code }) => code)).toEqual(['review/host-not-told']);
    expect(notes[0]!.what).toMatch(/: 10\.0\.0\.10\.$/);
  });

  it('is both the one that leaves and the one that comes, where an address moves from plan to plan', () => {
    const [gateway, host] = [gatewayOf(site(10, WIDE)), serversOf(site(10, WIDE))];
    const second = policiesOf({ servers: [server('web11', '10.0.0.10', profile(WIDE))] });
    const plans = [planned('a', gateway, [...gateway, ...second]), planned('b', host, [])];
    expect(codesOf(plans)).toContain('review/shared-address edge10/hosting');
    expect(fromInternet(plans)).toEqual([]);
  });
});

describe('a gateway that is too much', () => {
  const heavy = Array.from({ length: 60 }, (_, n) => n + 20);
  const much = edge(
    Object.fromEntries(heavy.map((n) => [`v${n}`, `203.0.113.${n}`])),
    [],
    heavy.map((n) => ({
      name: `m${n}`,
      virtualIp: `v${n}`,
      inside: `10.0.0.${n}`,
      open: [{ ports: [3 * n, 5000 + 7 * n], protocol: 'tcp', from: [`198.51.100.${n}`] }],
    })),
  );
  const light = planned('light', site(10, NARROW), site(10, WIDE));

  afterEach(() => work.allowWork(1));

  it('is unknown by itself, and counted', () => {
    work.allowWork(0.01);
    const review = reviewOf([planned('heavy', [], much), light], KNOWN);
    expect(review.unknown.map(({ code, where }) => `${code} ${where}`)).toEqual(['review/too-much-to-judge edge/hosting']);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([opens(10, 'end to end', '10.0.0.10 of web10')]);
    expect([review.verdict, review.counts.devices]).toEqual(['unknown', 3]);
    expect(review.headline).toBe('tcp 993 opens to the internet on 203.0.113.10, 1 device can not be judged; 1 unknown');
    expect(review.devices.map(({ device, action }) => `${device} ${action}`)).toEqual([
      'edge can not be judged',
      'edge10 changed',
      'web10 changed',
    ]);
  });

  it('alone is never said to change nothing', () => {
    work.allowWork(0.01);
    const review = reviewOf([planned('heavy', [], much)], KNOWN);
    expect(review.headline).toBe('1 device can not be judged; 1 unknown');
    expect(printText(review, { colour: false })).toMatch(/\nNo port changes known; 1 device\n/);
  });
});

it('takes steps in proportion to the stacks, whatever repeats', () => {
  const spent = (stacks: number): number => {
    let sum = 0;
    const counting = jest.spyOn(work, 'spend').mockImplementation((steps) => void (sum += steps));
    reviewOf(
      Array.from({ length: stacks }, (_, n) => planned(`s${n}`, [], site(n + 10, NARROW))),
      KNOWN,
    );
    counting.mockRestore();
    return sum;
  };
  const [few, many] = [spent(3), spent(12)];
  expect(few).toBeGreaterThan(1000);
  expect(many / few).toBeLessThan(4.4);
});
