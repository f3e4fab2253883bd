// Tests reviews of two sites that use the same inside network, each with its gateway and server. A change at one site
// is reported for that site alone if each site is a stack, and for both if nothing says which server is behind which
// gateway.

import { Policy } from '../../lib/policy/policy';
import { createReview } from '../../lib/review/judging/create-review';
import { Review } from '../../lib/review/review';
import { EDGE } from '../cases/edge';
import { KNOWN, Profile, ownersOf, planOf, policiesOf, profile, server } from './samples';

// Two sites, each with an inside 10.0.0.0/24 and a server 10.0.0.10.

const site = (
  n: number,
  atGateway: Profile['services'],
  atServer = atGateway,
): readonly [gateway: Policy, server: Policy] => {
  const of = (services: Profile['services']): readonly Policy[] =>
    policiesOf({
      gateway: {
        ...EDGE,
        interfaces: EDGE.interfaces.map((one) =>
          one.role === 'outside' ? one : { ...one, addresses: ['10.0.0.1/24'] },
        ),
        virtualIps: [{ name: 'vip', interface: 'wan0', address: `203.0.113.${n + 10}`, kind: 'ip-alias' }],
        mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: `web${n}` } }],
      },
      servers: [server(`web${n}`, '10.0.0.10', profile(services))],
    });
  const gateway = of(atGateway).find(({ kind }) => kind === 'gateway')!;
  return [{ ...gateway, device: `edge${n}` }, of(atServer).find(({ kind }) => kind === 'server')!];
};

const WEB: Profile['services'] = ['443/tcp'];
const BOTH: Profile['services'] = [...WEB, '3306/tcp'];

/** Returns the changes for the internet, by public address. */
const changes = (review: Review): readonly string[] =>
  review.changes
    .filter(
      ({ fromInternet, destinations }) => fromInternet && destinations.some((one) => one.startsWith('203.0.113.')),
    )
    .map(({ kind, service, destinations }) => `${kind} ${service} on ${destinations.join()}`);

const plan = (name: string, before: readonly Policy[], after: readonly Policy[]) =>
  planOf(ownersOf(before, after), { name });

describe.each(['opened', 'closed'] as const)(
  'a port that is %s at one of two sites with the same internal addresses',
  (kind) => {
    // Both gateways and the server of the other site allow it; only the rules of web0 change.
    const [narrow, wide] = [site(0, BOTH, WEB), site(0, BOTH, BOTH)];
    const [from, to] = kind === 'opened' ? [narrow, wide] : [wide, narrow];
    const other = site(1, BOTH);

    test('is reported for that site alone if each site is a stack', () => {
      const review = createReview([plan('a', from, to), plan('b', other, other)], KNOWN);
      expect(changes(review)).toEqual([`${kind} tcp 3306 on 203.0.113.10`]);
      expect(review.notes.map(({ code }) => code)).not.toContain('review/shared-address');
    });

    test("is reported for both sites if it isn't known which server is behind which gateway", () => {
      const apart = ['gateways', 'servers'].map((name, at) =>
        plan(name, [from[at]!, other[at]!], [to[at]!, other[at]!]),
      );
      const review = createReview(apart, KNOWN);
      expect([...changes(review)].sort()).toEqual([
        `${kind} tcp 3306 on 203.0.113.10`,
        `${kind} tcp 3306 on 203.0.113.11`,
      ]);
      expect(review.notes.map(({ code }) => code)).toContain('review/shared-address');
      const one = createReview([plan('all', [...from, ...other], [...to, ...other])], KNOWN);
      expect(changes(one)).toContain(`${kind} tcp 3306 on 203.0.113.10`);
    });
  },
);

test('reports nothing without a change, whatever the other site has', () => {
  const [one, other] = [site(0, WEB), site(1, BOTH)];
  const review = createReview([plan('all', [...one, ...other], [...one, ...other])], KNOWN);
  expect(changes(review)).toEqual([]);
});
