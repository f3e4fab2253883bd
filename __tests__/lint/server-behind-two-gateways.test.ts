// Tests the lint rule nat/server-behind-two-gateways: it finds a server with different public addresses on two
// gateways, and none for a failover pair.

import { lint } from '../../lib/lint/lint';
import { LintSubject, SubjectOwner } from '../../lib/lint/lint-subject';
import { behindTwo } from './samples/mappings';
import { subjectOf } from './samples/lint-subjects';

const found = (subject: LintSubject): readonly string[] =>
  lint(subject)
    .filter(({ code }) => code === 'nat/server-behind-two-gateways')
    .map(({ where }) => where);

const besides = (...more: readonly SubjectOwner[]): LintSubject =>
  subjectOf(...behindTwo('203.0.113.20').owners, ...more);

const changed = ({ owners }: LintSubject, policy: object): LintSubject =>
  subjectOf(
    ...owners.map((one) => (one.policy?.kind === 'server' ? { ...one, policy: { ...one.policy, ...policy } } : one)),
  );

test('not a pair, where whichever is active has the public address', () =>
  expect(found(behindTwo('203.0.113.10'))).toEqual([]));

test('not where another server has the address, as at a site that numbers alike', () => {
  const [, web1] = behindTwo('203.0.113.20').owners;
  expect(found(besides())).toHaveLength(1);
  expect(
    found(besides({ ...web1!, name: 'server web2, owner hosting', policy: { ...web1!.policy!, device: 'web2' } })),
  ).toEqual([]);
  // Of two owners on one device it is the same server.
  expect(found(besides({ ...web1!, name: 'server web1, owner shop' }))).toHaveLength(2);
});

test('not where the server knows another public address of its own', () => {
  const web1 = behindTwo('203.0.113.20').owners[1]!.policy!;
  const local = web1.kind === 'server' ? web1.localAddresses[0]! : undefined;
  expect(found(changed(besides(), { ownPublic: [{ public: 0xcb00710an, local }] }))).toEqual([]);
});
