// Tests reviews of many stacks together: each site is judged as if it were alone, and only servers and gateways that
// belong together are composed.

import * as work from '../../lib/net/step-budget';
import { Policy } from '../../lib/policy/policy';
import { Plan } from '../../lib/review/plan';
import { createReview } from '../../lib/review/judging/create-review';
import { printText } from '../../lib/review/print/review-text';
import { EDGE } from '../cases/edge';
import { KNOWN, Profile, edge, ownersOf, planOf, policiesOf, profile, rows, server } from './samples';

/** A site with the public address 203.0.113.<last> and the internal network `network`. */
const site = (n: number, services: Profile['services'], network = n, last = n): readonly Policy[] =>
  policiesOf({
    gateway: {
      ...EDGE,
      interfaces: EDGE.interfaces.map((one) =>
        one.role === 'outside' ? one : { ...one, addresses: [`10.0.${network}.1/24`] },
      ),
      virtualIps: [{ name: 'vip', interface: 'wan0', address: `203.0.113.${last}`, kind: 'ip-alias' }],
      mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: `web${n}` } }],
    },
    servers: [server(`web${n}`, `10.0.${network}.10`, profile(services))],
  }).map((policy) => (policy.kind === 'gateway' ? { ...policy, device: `edge${n}` } : policy));

const planned = (name: string, before: readonly Policy[], after: readonly Policy[]): Plan =>
  planOf(ownersOf(before, after), { name });
const fromInternet = (plans: readonly Plan[]): readonly string[] =>
  rows(createReview(plans, KNOWN)).filter((row) => row.includes('internet'));
const [NARROW, WIDE] = [['443/tcp'], ['443/tcp', '993/tcp']] as const;
const opens = (n: number, proof: string, whom: string): string =>
  `opened (${proof}, edge${n}/hosting) from the internet by wan0: 203.0.113.${n} tcp 993 from anywhere reaches ${whom}`;

describe('sites', () => {
  const sites = [11, 12, 13].map((n) =>
    planned(`s${n}`, site(n, n === 12 ? WIDE : NARROW), site(n, n === 11 ? WIDE : NARROW)),
  );

  it('that have nothing in common are judged as if each were alone', () => {
    const together = createReview(sites, KNOWN);
    const alone = sites.map((one) => createReview([one], KNOWN));
    expect(rows(together)).toEqual(alone.flatMap(rows));
    expect(together.counts.devices).toBe(4);
    expect(fromInternet(sites)[0]).toBe(opens(11, 'end to end', '10.0.11.10 of web11'));
  });

  it("with the same internal addresses: a gateway's mapping is to the server of its stack; without one there it may be to any server with the address", () => {
    const shared = (plans: readonly Plan[]): boolean =>
      createReview(plans, KNOWN).notes.some(
        ({ code, where }) => `${code} ${where}` === 'review/shared-address edge11/hosting',
      );
    const [before, after] = [
      [...site(11, NARROW, 0), ...site(12, WIDE, 0)],
      [...site(11, WIDE, 0), ...site(12, WIDE, 0)],
    ];
    const of = (all: readonly Policy[], kind: Policy['kind']): readonly Policy[] =>
      all.filter((one) => one.kind === kind);
    expect(
      shared([
        planned('a', site(11, NARROW, 0), site(11, WIDE, 0)),
        planned('b', site(12, WIDE, 0), site(12, WIDE, 0)),
      ]),
    ).toBe(false);
    expect(
      shared([
        planned('gateways', of(before, 'gateway'), of(after, 'gateway')),
        planned('servers', of(before, 'server'), of(after, 'server')),
      ]),
    ).toBe(true);
  });

  it('with the same public address are found, whatever servers they have', () => {
    const twice = (other: readonly Policy[]): number =>
      createReview([planned('a', [], site(11, NARROW)), planned('b', [], other)], KNOWN).findings.filter(
        ({ code }) => code === 'nat/public-address-twice',
      ).length;
    expect([twice(site(12, NARROW, 12, 11)), twice(site(12, NARROW))]).toEqual([1, 0]);
    // The gateway of another stack has the address itself.
    const at = (address: string): readonly Policy[] => {
      const interfaces = EDGE.interfaces.map((one) =>
        one.role === 'outside' ? { ...one, addresses: [`${address}/24`] } : one,
      );
      return policiesOf({ gateway: { ...EDGE, device: 'edge13', interfaces } });
    };
    expect([twice(at('203.0.113.11')), twice(at('203.0.113.13'))]).toEqual([1, 0]);
  });

  it('whose unmapped server is in another plan: it stands behind the gateway whose network it is in', () => {
    const database = policiesOf({ servers: [server('db', '10.0.11.20', profile(['3306/tcp']))] });
    const plans = [planned('gateway', site(11, NARROW), site(11, NARROW)), planned('servers', database, database)];
    expect(createReview(plans, KNOWN).objections).toEqual([]);
  });
});

describe('a gateway that exceeds the step budget', () => {
  const heavy = Array.from({ length: 60 }, (_, n) => n + 20);
  const much = edge(
    Object.fromEntries(heavy.map((n) => [`v${n}`, `203.0.113.${n}`])),
    [],
    heavy.map((n) => ({
      name: `m${n}`,
      virtualIp: `v${n}`,
      internal: `10.0.0.${n}`,
      open: [{ ports: [3 * n, 5000 + 7 * n], protocol: 'tcp', from: [`198.51.100.${n}`] }],
    })),
  );
  const light = planned('light', site(10, NARROW), site(10, WIDE));

  afterEach(() => work.setBudgetFactor(1));

  it('is unknown by itself, and counted', () => {
    work.setBudgetFactor(0.01);
    const review = createReview([planned('heavy', [], much), light], KNOWN);
    expect(review.unknown.map(({ code, where }) => `${code} ${where}`)).toEqual([
      'review/too-much-to-judge edge/hosting',
    ]);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      opens(10, 'end to end', '10.0.10.10 of web10'),
    ]);
    expect([review.verdict, review.counts.devices]).toEqual(['unknown', 3]);
    expect(review.headline).toBe(
      'first release of edge/hosting, tcp 993 opens to the internet on 203.0.113.10, 1 device can not be judged; 1 unknown; no review rules were given',
    );
    expect(review.devices.map(({ device, action }) => `${device} ${action}`)).toEqual([
      'edge can not be judged',
      'edge10 changed',
      'web10 changed',
    ]);
  });

  it('never gives "nothing changes" if it is alone', () => {
    work.setBudgetFactor(0.01);
    const review = createReview([planned('heavy', [], much)], KNOWN);
    expect(review.headline).toBe(
      'first release of edge/hosting, 1 device can not be judged; 1 unknown; no review rules were given',
    );
    expect(printText(review, { colour: false })).toMatch(/\nNo port changes known; 1 device\n/);
  });
});

it.each<[string, (n: number) => number]>([
  ['a network of its own', (n) => n],
  ['the same network', () => 0],
])('takes steps in proportion to the number of sites, each with %s', (_, network) => {
  const spent = (stacks: number): number => {
    let sum = 0;
    const counting = jest.spyOn(work, 'spendSteps').mockImplementation((steps) => void (sum += steps));
    createReview(
      Array.from({ length: stacks }, (_, n) => planned(`s${n}`, [], site(n + 10, NARROW, network(n + 10)))),
      KNOWN,
    );
    counting.mockRestore();
    return sum;
  };
  const [few, many] = [spent(3), spent(12)];
  expect(few).toBeGreaterThan(1000);
  expect(many / few).toBeLessThan(4.4);
});
