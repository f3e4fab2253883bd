// Tests the option --fail-on of a review, and problem codes that occur rarely, such as for owners without a record or
// releases known only after the apply.

import { Policy } from '../../../lib/policy/policy';
import { PlannedOwner } from '../../../lib/review/plan';
import { ReviewInputs } from '../../../lib/review/judging/review-inputs';
import { createReview } from '../../../lib/review/judging/create-review';
import { Review } from '../../../lib/review/review';
import { EDGE } from '../../cases/edge';
import { KNOWN, Profile, ownersOf, planOf, policiesOf, reviewed, running, web } from '../samples';
import { codes, only, with_ } from '../states-samples';

// Codes that rarely occur, each with a change that causes it.

const WEB = web(['443/tcp']);
const judged = (owners: readonly PlannedOwner[], known: Partial<ReviewInputs> = {}): Review =>
  createReview([planOf(owners)], { ...KNOWN, ...known });

describe('--fail-on', () => {
  const [more, less] = [web(['443/tcp', '25/tcp']), WEB];
  const at = (address: string): readonly Policy[] =>
    policiesOf({
      gateway: {
        ...EDGE,
        virtualIps: [{ name: 'vip', interface: 'wan0', address, kind: 'ip-alias' }],
        mappings: [
          { name: 'web', virtualIp: 'vip', internal: '10.0.0.10', open: [{ service: 'https', from: 'anywhere' }] },
        ],
      },
    });
  const leadingTo = (address: string): readonly Policy[] =>
    policiesOf({
      gateway: {
        ...EDGE,
        virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
        mappings: [
          { name: 'web', virtualIp: 'vip', internal: address, open: [{ service: 'https', from: 'anywhere' }] },
        ],
      },
    });
  test.each([
    ['opened', less, more],
    ['closed', more, less],
    ['moved', leadingTo('10.0.0.10'), leadingTo('10.0.0.11')],
    ['identity', at('203.0.113.10'), at('203.0.113.20')],
  ] as const)('%s objects to rows of that kind and to no others', (kind, before, after) => {
    expect(codes(reviewed(before, after, { failOn: [kind] }).objections)).toContain(`review/fail-on-${kind}`);
    expect(codes(reviewed(before, before, { failOn: [kind] }).objections)).toEqual([]);
  });
  test('unknown objects as well, although the verdict is unknown already', () => {
    const text = 'table inet x {';
    const owners = with_(ownersOf(WEB, WEB), 'web1', {
      action: 'changed',
      before: [{ ...running(only(WEB, 'web1'), 'applied'), text }],
    });
    const { verdict, objections, unknown } = judged(owners, { failOn: ['unknown'] });
    expect([verdict, codes(objections), codes(unknown)]).toEqual([
      'unknown',
      ['review/fail-on-unknown'],
      ['review/recorded-text'],
    ]);
  });
});

test('reports unknown for an owner of which the plan has neither the release before nor the one after', () => {
  const owners = with_(ownersOf(WEB, WEB), 'web1', { action: 'stays open', before: [], after: undefined });
  const { verdict, unknown, devices } = judged(owners);
  expect([verdict, codes(unknown)]).toEqual(['unknown', expect.arrayContaining(['review/nothing-recorded'])]);
  expect(devices.map(({ device, action }) => [device, action])).toContainEqual(['web1', 'can not be judged']);
});

test('reports unknown for a release that is known only after the apply', () => {
  const { verdict, unknown } = judged(with_(ownersOf(WEB, WEB), 'web1', { action: 'changed', after: undefined }));
  expect([verdict, codes(unknown)]).toEqual(['unknown', ['review/no-planned-release']]);
});

test('notes an owner that a state gives up, and one that another state adopts without a record', () => {
  const given = judged(with_(ownersOf(WEB, WEB), 'web1', { action: 'released', after: undefined }));
  expect(codes(given.notes)).toContain('review/released');
  const taken = judged(with_(ownersOf([], WEB), 'web1', { action: 'adopted' }));
  expect(codes(taken.notes)).toContain('review/adopted');
});

test('reports unknown for an unreadable rule on the former server that the new gateway reaches before the new server is delivered', () => {
  const of = (gateway: Profile['services'], host: Profile['services']): readonly Policy[] => [
    only(web(gateway), 'edge'),
    only(web(host), 'web1'),
  ];
  const [before, after] = [of(['443/tcp'], ['443/tcp', '25/tcp']), of(['443/tcp', '25/tcp'], ['443/tcp'])];
  const old = running(only(before, 'web1'), 'applied');
  const text = old.text.replace(
    'tcp dport @s_ports accept',
    'tcp dport 443 accept\n        tcp dport 25 meta cgroup 5 accept',
  );
  expect(text).not.toBe(old.text);
  const { unknown } = judged(with_(ownersOf(before, after), 'web1', { before: [{ ...old, text }] }));
  expect(unknown.map(({ code, where }) => [code, where])).toEqual([
    ['review/mixed-state-unknown', 'edge/hosting with web1'],
  ]);
  expect(unknown[0]!.what).toMatch(
    /^While edge has its new release and web1 still the old one, this may pass and can not be decided: .*203\.0\.113\.10 tcp 25/,
  );
});
