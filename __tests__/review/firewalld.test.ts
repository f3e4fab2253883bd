// Tests reviews of servers on firewalld, whose zones stay beside a release: which changes count, and what is unknown
// because of the zones.

import { Policy } from '../../lib/policy/policy';
import { createReview } from '../../lib/review/judging/create-review';
import { KNOWN, ownersOf, planOf, profile, reviewed, rows, running, server } from './samples';
import { compiled } from '../support';

type More = Parameters<typeof server>[3];

/** A server whose trusted networks are left to firewalld's zones, which are no part of a release. */
const serving = (services: readonly string[], more: More = { trustedNetworks: ['10.0.0.0/24'] }): readonly Policy[] =>
  compiled({ servers: [server('web1', '10.0.0.10', profile(services), more)] }, 'firewalld').policies;
const WEB = serving(['https']);
const LISTED = { trustedNetworks: ['10.0.0.0/24'], trustedConnections: 'listed' } as const;

const verdictAnd = (before: readonly Policy[], after: readonly Policy[]): readonly unknown[] => {
  const review = reviewed(before, after);
  return [review.verdict, ...rows(review)];
};

test('objects to nothing if nothing changes, since the zones stay as they are', () =>
  expect(verdictAnd(WEB, WEB)).toEqual(['nothing to object to']));

test('reports an opened port and nothing else', () =>
  expect(verdictAnd(WEB, serving(['https', 'http']))).toEqual([
    'nothing to object to',
    'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 80 from anywhere reaches 10.0.0.10 of web1',
  ]));

test('reports a closed port for trusted networks too, unless their zone opens it', () =>
  expect(verdictAnd(serving(['https', 'http']), WEB)).toEqual([
    'nothing to object to',
    'closed (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 80 from anywhere reaches 10.0.0.10 of web1',
  ]));

test('reports the ports of a first release as opened', () =>
  expect(verdictAnd([], WEB)).toEqual([
    'warnings',
    'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
    'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
  ]));

test('reports nothing as closed after a first release that failed, since the rules before are unknown', () => {
  const [owner] = ownersOf(WEB, serving(['https', 'http']));
  const failed = { ...owner!, before: [running(WEB[0]!, 'tainted')], mayRunNone: true };
  const review = createReview([planOf([failed])], KNOWN);
  expect([review.verdict, review.counts]).toMatchObject(['warnings', { closed: 0, unknown: 0, opened: 2 }]);
});

test('reports unknown for a source that was denied and is now left to zones', () => {
  const { verdict, counts } = reviewed(serving(['https'], LISTED), WEB);
  expect([verdict, counts.opened]).toEqual(['unknown', 0]);
  expect(counts.unknown).toBeGreaterThan(0);
});

test('reports unknown for a trusted network that grows by denied addresses', () => {
  const { verdict, changes } = reviewed(WEB, serving(['https'], { trustedNetworks: ['10.0.0.0/24', '10.9.0.0/16'] }));
  expect(verdict).toBe('unknown');
  expect(new Set(changes.map(({ kind, sources }) => `${kind} ${sources}`))).toEqual(new Set(['unknown 10.9.0.0/16']));
});

test("doesn't take an edited text for an unchanged release", () => {
  const [owner] = ownersOf(WEB, WEB);
  const text = owner!.after!.text.replace(
    '<source address="10.0.0.0/24" invert="True"/>',
    '<source address="10.0.0.0/25" invert="True"/>',
  );
  expect(text).not.toBe(owner!.after!.text);
  const review = createReview([planOf([{ ...owner!, action: 'changed', after: { ...owner!.after!, text } }])], KNOWN);
  expect(review.verdict).toBe('unknown');
  expect(review.counts.unknown).toBeGreaterThan(0);
});
