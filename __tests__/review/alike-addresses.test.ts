// Tests when a server in another plan counts for a gateway that translates to its address: not if both gateways have
// the same inside address (two sites), but if they may stand in one network or are one device by host key.

import { Policy } from '../../lib/policy/policy';
import { RecordedRelease } from '../../lib/review/plan';
import { createReview } from '../../lib/review/judging/create-review';
import { EDGE } from '../cases/edge';
import { KNOWN, Profile, ownersOf, planOf, policiesOf, profile, rows, server } from './samples';

// A gateway in a plan without servers; another plan has a gateway, and a server with the mapped internal address.

const gateway = (n: number, lan: string, services: Profile['services']): Policy => {
  const [its] = policiesOf({
    gateway: {
      ...EDGE,
      interfaces: EDGE.interfaces.map((one) => (one.role === 'outside' ? one : { ...one, addresses: [`${lan}/24`] })),
      virtualIps: [{ name: 'vip', interface: 'wan0', address: `203.0.113.${n + 10}`, kind: 'ip-alias' }],
      mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: 'web2' } }],
    },
    servers: [server('web2', '10.0.0.10', profile(services))],
  });
  return { ...its!, device: `edge${n}` };
};
const web2 = policiesOf({ servers: [server('web2', '10.0.0.10', profile(['443/tcp']))] })[0]!;

/**
 * Returns what the first gateway opens if its server is, or may be, the one of the other plan. `key`: the other
 * gateway's host key.
 */
function opened(lan: string, other: string, key = 'ssh-ed25519 BBBB') {
  const [from, to] = [gateway(1, lan, ['443/tcp']), gateway(1, lan, ['443/tcp', '3306/tcp'])];
  const beside = [gateway(2, other, ['443/tcp']), web2];
  const withKey = <T extends RecordedRelease>(release: T): T => ({ ...release, hostKeys: key });
  const others = ownersOf(beside, beside).map((one) => ({
    ...one,
    before: one.before.map(withKey),
    after: one.after && withKey(one.after),
  }));
  const review = createReview([planOf(ownersOf([from], [to]), { name: 'a' }), planOf(others, { name: 'b' })], KNOWN);
  return {
    rows: rows(review),
    notes: review.notes.filter(({ where }) => where === 'edge1/hosting').map(({ code }) => code),
  };
}

test('treats two gateways with one internal address as two sites, and ignores the server of the other site', () => {
  const { rows: said, notes } = opened('10.0.0.1', '10.0.0.1');
  expect(said).toContain(
    'opened (one device, edge1/hosting) from the internet by wan0: 203.0.113.11 tcp 3306 from anywhere reaches 10.0.0.10',
  );
  expect(notes).toContain('review/host-not-known');
});

test('two gateways with different internal addresses may share a network, so the server there denies', () => {
  expect(opened('10.0.0.2', '10.0.0.1')).toEqual({ rows: [], notes: ['review/other-text'] });
});

test('one gateway with an owner in each plan counts as one gateway', () => {
  expect(opened('10.0.0.1', '10.0.0.1', 'ssh-ed25519 AAAA')).toEqual({ rows: [], notes: ['review/other-text'] });
});
