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

test("doesn't find a failover pair, whose active gateway has the public address", () =>
  expect(found(behindTwo('203.0.113.10'))).toEqual([]));

test("doesn't find another server with the address, as at a site with the same network", () => {
  const [, web1] = behindTwo('203.0.113.20').owners;
  expect(found(besides())).toHaveLength(1);
  expect(
    found(besides({ ...web1!, name: 'server web2, owner hosting', policy: { ...web1!.policy!, device: 'web2' } })),
  ).toEqual([]);
  // Two owners on one device are the same server.
  expect(found(besides({ ...web1!, name: 'server web1, owner shop' }))).toHaveLength(2);
});

test("doesn't find a server whose policy knows the other public address", () => {
  const web1 = behindTwo('203.0.113.20').owners[1]!.policy!;
  const local = web1.kind === 'server' ? web1.localAddresses[0]! : undefined;
  expect(found(changed(besides(), { ownPublic: [{ public: 0xcb00710an, local }] }))).toEqual([]);
});
