// Tests reviews of pfSense gateways: changed ports, changed captured config, a retired mapping, and a box's own answer.

import { readFileSync } from 'node:fs';
import { Policy } from '../../lib/policy/policy';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { getPlatform, verifyPolicy } from '../../lib/verifier/verify-policy';
import { PlannedOwner } from '../../lib/review/plan';
import { createReview } from '../../lib/review/judging/create-review';
import { EDGE } from '../cases/edge';
import { KNOWN, ownersOf, planOf, recorded, reviewed, rows } from './samples';
import { caseFile, compiled } from '../support';

const gateway = (ports: readonly number[]): Policy =>
  compiled(
    {
      gateway: {
        ...EDGE,
        virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
        mappings: [
          {
            name: 'web',
            virtualIp: 'vip',
            internal: '10.0.0.10',
            open: [{ ports, protocol: 'tcp', from: 'anywhere' }],
          },
        ],
        reflections: [{ mode: 'disabled' }],
      },
    },
    'pfsense',
  ).policies[0]!;
const [WEB, MYSQL] = [gateway([443]), gateway([443, 3306])];

const captured = readFileSync(caseFile('captured/two-owners', 'pfsense.surroundings.xml'), 'utf8');

/** Creates a change of one text into another, each with its policy. */
const changed = (was: readonly [Policy, string], will: readonly [Policy, string]): PlannedOwner => {
  const of = ([policy, text]: readonly [Policy, string]) => ({
    ...recorded(policy),
    text,
    policy: encodePolicy(policy),
  });
  const [owner] = ownersOf([WEB], [MYSQL]);
  return { ...owner!, before: [{ ...of(was), origin: 'applied' }], after: of(will) };
};
const on = (policy: Policy, surroundings?: string): string =>
  getPlatform(policy).generator.write(policy, surroundings).text;
const codes = (review: ReturnType<typeof reviewed>): readonly string[] =>
  [...review.objections, ...review.unknown].map(({ code }) => code);

test('a port that opens also opens at the internal address', () => {
  const review = reviewed([WEB], [MYSQL]);
  expect(rows(review)).toEqual([
    'opened (one device, edge/hosting) from the internet by wan0: 10.0.0.10, 203.0.113.10 tcp 3306 from anywhere reaches 10.0.0.10',
  ]);
  expect(review.headline).toMatch(
    /^tcp 3306 opens to the internet on 203\.0\.113\.10 and to every source that reaches 10\.0\.0\.10; /,
  );
  expect(codes(review)).toContain('ports/mysql-public');
  expect(review.changes[0]!.evidence).toBe('generated config');
  // The example packet is sent to the public address, and one host answers for both addresses.
  const { destinationHost, reason, examplePacket } = review.changes[0]!;
  expect([destinationHost, reason, examplePacket]).toEqual([
    '10.0.0.10',
    'mapping web opens tcp 3306 from anywhere (443, 3306/tcp)',
    '198.51.100.7 port 40000 to 203.0.113.10 tcp 3306',
  ]);
});

test('names the captured config as evidence, and keeps denying what unmanaged rules deny', () => {
  const review = createReview([planOf([changed([WEB, on(WEB, captured)], [MYSQL, on(MYSQL, captured)])])], KNOWN);
  expect(rows(review)).toEqual([
    'opened (one device, edge/hosting) from the internet by wan0: 10.0.0.10, 203.0.113.10 tcp 3306 from anywhere but 192.0.2.64/26 reaches 10.0.0.10',
  ]);
  expect(review.changes[0]!.evidence).toBe('generated config + captured config');
});

test('a new capture that allows nothing new is no change', () => {
  const review = createReview(
    [planOf([changed([WEB, on(WEB, captured)], [WEB, on(WEB, captured.replace('who scans us', 'scanners'))])])],
    KNOWN,
  );
  expect([rows(review), codes(review)]).toEqual([[], []]);
  // The remaining narrowing by unmanaged rules is a note and no objection.
  expect(review.notes.filter(({ code }) => code === 'review/narrowed').map(({ what }) => what)).toEqual([
    expect.stringMatching(
      /^Others on the device narrow it: .*203\.0\.113\.10 tcp 443 from 192\.0\.2\.64\/26 was asked for, and would not pass/,
    ),
  ]);
});

test('a capture whose unmanaged rules no longer deny a source opens', () => {
  const without = captured.replace(/\t\t<rule>\n(?:(?!<\/rule>)[^])*who scans us[^]*?<\/rule>\n/, '');
  expect(without).not.toBe(captured);
  const review = createReview([planOf([changed([WEB, on(WEB, captured)], [WEB, on(WEB, without)])])], KNOWN);
  expect(rows(review)).toEqual([
    'opened (one device, edge/hosting) from the internet by wan0: 10.0.0.10, 203.0.113.10 tcp 443 from 192.0.2.64/26 reaches 10.0.0.10',
  ]);
});

test.each([
  ['a port in our rule', (text: string) => text.replace('<port>443</port>', '<port>443:3306</port>')],
  [
    'the inside of our mapping',
    (text: string) => text.replace('<address>10.0.0.10</address>', '<address>10.0.0.99</address>'),
  ],
  ['a rule of ours that drops', (text: string) => text.replace('<type>block</type>', '<type>pass</type>')],
])('objects to %s altered in the plan', (_, alter) => {
  const text = on(WEB);
  expect(alter(text)).not.toBe(text);
  const review = createReview([planOf([changed([WEB, text], [WEB, alter(text)])])], KNOWN);
  expect(
    codes(review).some((code) => /^review\/(text-altered|planned-text|planned-policy|written-text)$/.test(code)),
  ).toBe(true);
});

test('removing the owner leaves nothing of the mapping', () => {
  const [owner] = ownersOf([WEB], []);
  const review = createReview([planOf([{ ...owner!, onRetract: 'as before' }])], KNOWN);
  expect(
    rows(review).some(
      (row) => /^closed .* 203\.0\.113\.10 tcp 443 /.test(row) || /^closed .*203\.0\.113\.10/.test(row),
    ),
  ).toBe(true);
  expect(rows(review).some((row) => row.startsWith('opened') && row.includes('from the internet'))).toBe(false);
});

test("judges the change against a box's own answer, and leaves unmanaged rules to the delivery", () => {
  const live = new Map([['edge', { text: on(WEB), device: verifyPolicy(WEB).device, otherReleases: new Map() }]]);
  const review = reviewed([WEB], [MYSQL], { live });
  expect(rows(review)).toEqual([
    'opened (one device, edge/hosting) from the internet by wan0: 10.0.0.10, 203.0.113.10 tcp 3306 from anywhere reaches 10.0.0.10',
  ]);
  expect([review.unknown, review.changes[0]!.evidence]).toEqual([[], 'running config']);
  expect(review.notes.map(({ code }) => code)).toContain('review/rules-beside-not-judged');
});
