// Tests reviews of servers on firewalld, whose zones stay beside a release: which changes count, and what is unknown
// because of the zones.

import { Policy } from '../../lib/policy/policy';
import { createReview } from '../../lib/review/judging/create-review';
import { KNOWN, ownersOf, planOf, profile, reviewed, rows, running, server } from './samples';
import { compiled } from '../support';

type More = Parameters<typeof server>[3];

/** A server whose inside is left to zones, which no release has. */
const serving = (services: readonly string[], more: More = { trustedNetworks: ['10.0.0.0/24'] }): readonly Policy[] =>
  compiled({ servers: [server('web1', '10.0.0.10', profile(services), more)] }, 'firewalld').policies;
const WEB = serving(['https']);
const LISTED = { trustedNetworks: ['10.0.0.0/24'], trustedConnections: 'listed' } as const;

const verdictAnd = (before: readonly Policy[], after: readonly Policy[]): readonly unknown[] => {
  const review = reviewed(before, after);
  return [review.verdict, ...rows(review)];
};

test('what stays is as the zones are, which stay', () =>
  expect(verdictAnd(WEB, WEB)).toEqual(['nothing to object to']));

test('a port that opens is all that changes', () =>
  expect(verdictAnd(WEB, serving(['https', 'http']))).toEqual([
    'nothing to object to',
    'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 80 from anywhere reaches 10.0.0.10 of web1',
  ]));

test('a port that closes closes for the inside, too, unless its zone opens it', () =>
  expect(verdictAnd(serving(['https', 'http']), WEB)).toEqual([
    'nothing to object to',
    'closed (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 80 from anywhere reaches 10.0.0.10 of web1',
  ]));

test('a first release opens what it opens', () =>
  expect(verdictAnd([], WEB)).toEqual([
    'warnings',
    'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
    'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
  ]));

test('after a first release that failed nothing closes of what nobody knows', () => {
  const [owner] = ownersOf(WEB, serving(['https', 'http']));
  const failed = { ...owner!, before: [running(WEB[0]!, 'tainted')], mayRunNone: true };
  const review = createReview([planOf([failed])], KNOWN);
  expect([review.verdict, review.counts]).toMatchObject(['warnings', { closed: 0, unknown: 0, opened: 2 }]);
});

test('what was refused and is left to zones may open', () => {
  const { verdict, counts } = reviewed(serving(['https'], LISTED), WEB);
  expect([verdict, counts.opened]).toEqual(['unknown', 0]);
  expect(counts.unknown).toBeGreaterThan(0);
});

test('an inside that grows is left to zones where it was refused', () => {
  const { verdict, changes } = reviewed(WEB, serving(['https'], { trustedNetworks: ['10.0.0.0/24', '10.9.0.0/16'] }));
  expect(verdict).toBe('unknown');
  expect(new Set(changes.map(({ kind, sources }) => `${kind} ${sources}`))).toEqual(new Set(['unknown 10.9.0.0/16']));
});

test('a text that a person has edited is not taken for what stays', () => {
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
