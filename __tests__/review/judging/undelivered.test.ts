// Tests reviews of devices to which nothing is delivered: drift in their answers and interfaces that the intent
// doesn't name are judged as they run; and owners that one plan gives up and another adopts.

import { parseAddress } from '../../../lib/net/address';
import { Policy } from '../../../lib/policy/policy';
import { deriveDevice, getPlatform } from '../../../lib/verifier/verify-policy';
import { LiveAnswer } from '../../../lib/review/judging/review-inputs';
import { createReview } from '../../../lib/review/judging/create-review';
import { PlannedOwner } from '../../../lib/review/plan';
import { KNOWN, ownersOf, planOf, recorded, reviewed, rows, running, web } from '../samples';

// A device without a delivery keeps what it runs, whatever is recorded.

const codes = (remarks: readonly { readonly code: string }[]): readonly string[] => remarks.map(({ code }) => code);
const [narrow, wide] = [web(['443/tcp']), web(['443/tcp', '8080/tcp'])];
const twin = (policy: Policy, among: readonly Policy[]): Policy =>
  among.find(({ device }) => device === policy.device)!;

const answers = (policies: readonly Policy[], more = ''): ReadonlyMap<string, LiveAnswer> =>
  new Map(
    policies.map((one) => [
      one.device,
      { text: `${recorded(one).text}${more}`, device: deriveDevice(one, getPlatform(one).generator.write(one)) },
    ]),
  );

/** Answers of devices that have an interface and a network which the intent doesn't name. */
const answersWithMore = (policies: readonly Policy[]): ReadonlyMap<string, LiveAnswer> =>
  new Map(
    [...answers(policies)].map(([name, { text, device }]) => {
      const addresses = [{ address: parseAddress('10.9.0.1')!, length: 24 }];
      const interfaces = [...device.interfaces, { name: 'mgmt0', role: 'inside' as const, addresses, routes: [] }];
      return [name, { text, device: { ...device, interfaces } }];
    }),
  );

describe("a device with an interface that the intent doesn't name", () => {
  test.each([
    ['narrow', narrow],
    ['wide', wide],
  ])("isn't drift and has no unmanaged rules: from narrow to %s", (_, to) => {
    const review = reviewed(narrow, to, { live: answersWithMore(narrow) });
    expect(codes([...review.objections, ...review.notes])).toEqual([]);
  });

  test('reports only the opened port, and no other change, by that interface', () => {
    const changed = rows(reviewed(narrow, wide, { live: answersWithMore(narrow) }));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter((row) => !/^opened .* tcp 8080 from /.test(row))).toEqual([]);
  });
});

test("review rules apply to an address that the device has and the intent doesn't name", () => {
  const more = parseAddress('2001:db8:0:1::10')!;
  const live = new Map(
    [...answers(narrow)].map(([name, { text, device }]) => [
      name,
      { text, device: name === 'web1' ? { ...device, localAddresses: [...device.localAddresses, more] } : device },
    ]),
  );
  const rules = { name: 'rules.json', rules: { format: 1, forbidden: ['8080/tcp'] } } as const;
  expect(reviewed(narrow, wide, { live, rules }).objections.map(({ code, what }) => `${code}: ${what}`)).toContainEqual(
    expect.stringMatching(
      /^rules\/forbidden: from the internet by eth0: 2001:db8:0:1::10 tcp 8080 from anywhere is reachable/,
    ),
  );
});

describe('a device that drifted and gets no delivery', () => {
  test('closes nothing, and what stays open is an objection', () => {
    const review = reviewed(narrow, narrow, { live: answers(wide) });
    expect([review.verdict, review.headline, rows(review)]).toEqual([
      'objections',
      'nothing that is reachable changes; 2 objections; no review rules were given',
      [],
    ]);
    expect(review.objections.map(({ code, where }) => [code, where])).toEqual([
      ['review/drifted', 'edge/hosting'],
      ['review/drifted', 'web1/hosting'],
    ]);
    expect(review.objections[1]!.what).toContain('open from the internet by eth0: 10.0.0.10 tcp 8080 from anywhere');
  });

  test('is judged by the rules as it runs', () => {
    const review = reviewed(narrow, narrow, {
      live: answers(wide),
      rules: { name: 'rules.json', rules: { format: 1, forbidden: ['8080/tcp'] } },
    });
    expect(codes(review.objections)).toContain('rules/forbidden');
  });

  test('may have bans', () => {
    const ban =
      'table inet ban { chain in { type filter hook input priority -20; policy accept; ip saddr 198.51.100.77 drop; } }\n';
    const [host] = narrow.filter(({ kind }) => kind === 'server');
    const review = reviewed([host!], [host!], { live: answers([host!], ban) });
    expect([review.verdict, codes(review.notes)]).toEqual(['nothing to object to', ['review/drifted']]);
  });

  test("is unknown if one of its rules can't be decided", () => {
    const rule =
      'table inet odd { chain in { type filter hook input priority -20; policy accept; meta skuid 7 meta cpu 1 drop; } }\n';
    const [host] = narrow.filter(({ kind }) => kind === 'server');
    const review = reviewed([host!], [host!], { live: answers([host!], rule) });
    expect([review.verdict, review.counts.unknown > 0]).toEqual(['unknown', true]);
  });

  test('is reported with nothing if it runs what was delivered', () => {
    expect(reviewed(narrow, narrow, { live: answers(narrow) })).toMatchObject({
      verdict: 'nothing to object to',
      notes: [],
    });
  });
});

describe('unmanaged rules beside a release that is delivered', () => {
  const [gateway] = narrow.filter(({ kind }) => kind === 'gateway');
  const [next] = wide.filter(({ kind }) => kind === 'gateway');

  test("aren't closed by it", () => {
    const led =
      'table ip x { chain pre { type nat hook prerouting priority -150; ip daddr 203.0.113.10 tcp dport 3306 dnat to 10.0.0.10:443; } }\n';
    const review = reviewed([gateway!], [next!], { live: answers([gateway!], led) });
    expect([review.verdict, codes(review.objections)]).toEqual(['objections', ['review/rules-beside']]);
    expect(review.objections[0]!.what).toContain('open from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere');
  });

  test('may close more', () => {
    const ban =
      'table inet ban { chain in { type filter hook forward priority -20; policy accept; ip saddr 198.51.100.77 drop; } }\n';
    const review = reviewed([gateway!], [next!], { live: answers([gateway!], ban) });
    expect([review.verdict, codes(review.notes)]).toEqual([
      'nothing to object to',
      ['review/rules-beside', 'review/host-not-known'],
    ]);
  });

  test("aren't reported if there are none", () => {
    for (const from of [narrow, wide])
      for (const to of [narrow, wide])
        expect(codes(reviewed(from, to, { live: answers(from) }).notes)).not.toContain('review/rules-beside');
  });
});

test('reports unknown if several releases are possible and none is delivered', () => {
  const owners = ownersOf(narrow, narrow).map((owner, i): PlannedOwner => ({
    ...owner,
    before: [...owner.before, running(twin(narrow[i]!, wide), 'deposed')],
  }));
  const review = createReview([planOf(owners)], KNOWN);
  expect([review.verdict, codes(review.unknown)]).toEqual(['unknown', ['review/several-stay', 'review/several-stay']]);
});

test.each([
  ['device', { device: 'web9' }],
  ['owner', { owner: 'other' }],
  ['role', { role: 'gateway' as const }],
])('reports unknown for a recorded policy of another %s', (_, more) => {
  const owners = ownersOf(narrow, narrow).map((owner) => (owner.role === 'server' ? { ...owner, ...more } : owner));
  const review = createReview([planOf(owners)], KNOWN);
  expect([review.verdict, [...new Set(codes(review.unknown))]]).toEqual(['unknown', ['review/policy-of-another']]);
});

describe('an owner that one plan gives up and another adopts', () => {
  const given = ownersOf(narrow, []).map((owner): PlannedOwner => ({ ...owner, action: 'released' }));
  const taken = (policies: readonly Policy[]): readonly PlannedOwner[] =>
    ownersOf([], policies).map((owner) => ({ ...owner, action: 'adopted' }));
  const plans = (policies: readonly Policy[]) =>
    [planOf(given, { name: 'old' }), planOf(taken(policies), { name: 'new' })] as const;

  test('is one owner without an objection', () => {
    for (const both of [plans(narrow), [...plans(narrow)].reverse()]) {
      const review = createReview(both, KNOWN);
      expect([review.verdict, rows(review), review.devices.length]).toEqual(['nothing to object to', [], 2]);
      expect(review.notes.filter(({ code }) => code === 'review/handed-over').map(({ what }) => what)).toEqual([
        'The plan old gives it up and new adopts it: old is to be applied first.',
        'The plan old gives it up and new adopts it: old is to be applied first.',
      ]);
    }
  });

  test('opens what the second plan delivers, in either order', () => {
    for (const both of [plans(wide), [...plans(wide)].reverse()])
      expect(rows(createReview(both, KNOWN)).filter((row) => row.includes('internet'))).toEqual([
        'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 8080 from anywhere reaches 10.0.0.10 of web1',
      ]);
  });

  test('agrees with what the commit synthesizes', () => {
    const synthesized = new Map(narrow.map((one) => [`${one.device}/${one.owner}`, recorded(one)] as const));
    for (const both of [plans(narrow), [...plans(narrow)].reverse()])
      expect(createReview(both, { ...KNOWN, synthesized }).objections).toEqual([]);
  });

  test('is an objection if two plans adopt it', () => {
    const review = createReview([...plans(narrow), planOf(taken(narrow), { name: 'third' })], KNOWN);
    expect(new Set(codes(review.objections))).toEqual(new Set(['review/owned-twice']));
  });
});

describe('a planned text that changes more than its own table', () => {
  test.each([
    ['empties everything first', (text: string) => `flush ruleset\n${text}`],
    ["destroys another's table", (text: string) => `${text}destroy table inet firewalld\n`],
    [
      "adds to another's chain",
      (text: string) => `${text}table inet firewalld {\n chain in {\n tcp dport 3306 accept\n }\n}\n`,
    ],
    [
      "adds to another's set",
      (text: string) => `${text}table inet x {\n set trusted { type ipv4_addr; elements = { 198.51.100.7 } }\n}\n`,
    ],
    [
      'notracks',
      (text: string) => `${text}table inet x { chain i { type filter hook prerouting priority -300; notrack; } }\n`,
    ],
  ])('%s', (_, edit) => {
    const owners = ownersOf([], narrow).map((owner) => ({
      ...owner,
      after: { ...owner.after!, text: edit(owner.after!.text) },
    }));
    const { objections, verdict } = createReview([planOf(owners)], KNOWN);
    expect([verdict, objections[0]!.code]).toEqual(['objections', 'review/text-altered']);
    expect(objections.map(({ what }) => what).join('\n')).toMatch(
      /it changes what is not its own: (every table|table inet (x|firewalld))/,
    );
  });
});
