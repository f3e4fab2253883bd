// Tests that a review objects to texts in a plan that were altered or that another version generated, and calls unknown
// what it can't read. Also an answer of the device in place of the recorded release, owners in several plans, and
// missing stacks or programs.

import { Policy } from '../../../lib/policy/policy';
import { Plan, PlannedOwner } from '../../../lib/review/plan';
import { LiveAnswer } from '../../../lib/review/judging/review-inputs';
import { createReview } from '../../../lib/review/judging/create-review';
import { Review } from '../../../lib/review/review';
import { deriveDevice, getPlatform } from '../../../lib/verifier/verify-policy';
import { KNOWN, ownersOf, planOf, policiesOf, recorded, reviewed, rows, running, said, web } from '../samples';
import { only, codes, with_ } from '../states-samples';

describe("a plan that can't be trusted", () => {
  const before = web(['443/tcp']);
  const altered = (edit: (text: string) => string): readonly PlannedOwner[] =>
    ownersOf(before, before).map((owner) =>
      owner.device === 'web1'
        ? { ...owner, action: 'changed', after: { ...owner.after!, text: edit(owner.after!.text) } }
        : owner,
    );

  test('objects to an edited text, and reports what it opens beyond its policy', () => {
    const review = createReview(
      [planOf(altered((text) => text.replace('tcp dport 443 accept', 'tcp dport { 443, 3306 } accept')))],
      KNOWN,
    );
    expect([review.verdict, codes(review.objections)]).toEqual(['objections', ['review/text-altered']]);
    expect(review.objections[0]!.where).toBe('web1/hosting');
    expect(review.changes.filter(({ kind }) => kind === 'opened').map(said)).toEqual([
      'opened (one device, web1/hosting) from its network by eth0, not through edge: 10.0.0.10 tcp 3306 from anywhere reaches 10.0.0.10 of web1',
    ]);
  });

  test('objects to a text that another version generated, though it stays within the policy', () => {
    const review = createReview([planOf(altered((text) => `# written by another version\n${text}`))], KNOWN);
    expect([review.verdict, codes(review.objections), codes(review.notes)]).toEqual([
      'objections',
      ['review/another-version'],
      ['review/other-text'],
    ]);
    expect(review.objections[0]).toMatchObject({
      where: 'production',
      what: expect.stringContaining('The text of web1/hosting differs'),
    });
  });

  test.each([
    ['an invalid text', { text: 'table inet x {' }, 'review/planned-text'],
    ['an invalid policy', { policy: '{}' }, 'review/planned-policy'],
    [
      'an unknown platform',
      { policy: recorded(only(before, 'web1')).policy.replace('"nftables"', '"pf"') },
      'review/planned-policy',
    ],
  ])('%s is unknown', (_, more, code) => {
    const owners = ownersOf(before, before);
    const review = createReview(
      [planOf(with_(owners, 'web1', { action: 'changed', after: { ...recorded(only(before, 'web1')), ...more } }))],
      KNOWN,
    );
    expect([review.verdict, [...new Set(codes(review.unknown))]]).toEqual(['unknown', [code]]);
    expect(review.changes.filter(({ kind }) => kind === 'unknown').length).toBeGreaterThan(0);
    expect(review.changes.filter(({ kind }) => kind === 'opened' || kind === 'closed')).toEqual([]);
  });

  test("reports unknown, not unchanged, for a gateway whose former release can't be read", () => {
    const owners = with_(ownersOf(before, web(['443/tcp', '25/tcp'])), 'web1', {
      before: [{ ...running(only(before, 'web1'), 'applied'), policy: 'not JSON' }],
    });
    const review = createReview([planOf(owners)], KNOWN);
    expect([review.verdict, codes(review.unknown)]).toEqual(['unknown', ['review/recorded-policy']]);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 25 from anywhere reaches 10.0.0.10 of web1',
      'unknown (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
      'unknown (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
    ]);
    expect(review.changes.find(({ kind }) => kind === 'unknown')!.reason).toBe('the applied release can not be read');
  });

  test("lists an owner that can't be read, as unknown", () => {
    const owners = with_(ownersOf([], before), 'web1', { after: { ...recorded(only(before, 'web1')), policy: '' } });
    const review = createReview([planOf(owners)], KNOWN);
    expect(review.verdict).toBe('unknown');
    expect(review.devices.map(({ device, action }) => [device, action])).toEqual([
      ['edge', 'first release'],
      ['web1', 'can not be judged'],
    ]);
  });
});

describe("the device's own answer", () => {
  const live = (text: string, policy: Policy): ReadonlyMap<string, LiveAnswer> =>
    new Map([[policy.device, { text, device: deriveDevice(policy, getPlatform(policy).generator.write(policy)) }]]);

  test('replaces what Terraform has recorded', () => {
    const [recordedOne, runs, next] = [web(['443/tcp']), web(['443/tcp', '25/tcp']), web(['443/tcp', '25/tcp'])];
    const host = only(runs, 'web1');
    const review = reviewed([only(recordedOne, 'web1')], [only(next, 'web1')], {
      live: live(recorded(host).text, host),
    });
    expect(review.changes).toEqual([]);
    expect(review.devices[0]).toMatchObject({
      evidence: 'running config',
      before: 'what the device answered it runs',
    });
  });

  test("that can't be read is unknown", () => {
    const host = only(web(['443/tcp']), 'web1');
    const review = reviewed([host], [host], { live: live('table inet x { chain', host) });
    expect([review.verdict, codes(review.unknown)]).toEqual(['unknown', ['review/live-text']]);
  });
});

describe('beside the releases', () => {
  test('judges two owners of one device apart, and refuses one address in both', () => {
    const one = (owner: string, address: string, inside: string): readonly Policy[] =>
      policiesOf({
        gateway: {
          device: 'edge',
          owner,
          interfaces: [
            { name: 'wan0', role: 'outside', addresses: ['203.0.113.2/24'] },
            { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24'] },
          ],
          virtualIps: [{ name: 'vip', interface: 'wan0', address, kind: 'ip-alias' }],
          mappings: [
            {
              name: 'web',
              virtualIp: 'vip',
              internal: inside,
              open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }],
            },
          ],
        } as never,
      });
    const apart = [
      ...ownersOf([], one('left', '203.0.113.10', '10.0.0.10')),
      ...ownersOf([], one('right', '203.0.113.11', '10.0.0.20')),
    ];
    const review = createReview([planOf(apart)], KNOWN);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'opened (one device, edge/left) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10',
      'opened (one device, edge/right) from the internet by wan0: 203.0.113.11 tcp 443 from anywhere reaches 10.0.0.20',
    ]);
    expect([review.objections, review.counts.devices]).toEqual([[], 1]);
    const same = [
      ...ownersOf([], one('left', '203.0.113.10', '10.0.0.10')),
      ...ownersOf([], one('right', '203.0.113.10', '10.0.0.20')),
    ];
    expect(createReview([planOf(same)], KNOWN).objections.map(({ code, what }) => [code, what])).toEqual([
      [
        'review/claims-overlap',
        'Owner right of the same device claims the same addresses (203.0.113.10), so the device refuses whichever comes second.',
      ],
    ]);
  });

  test('objects to one owner in two plans', () => {
    const owners = ownersOf([], web(['443/tcp']));
    const review = createReview([planOf(owners), planOf(owners.slice(0, 1), { name: 'staging' })], KNOWN);
    expect([review.verdict, codes(review.objections), review.devices.length]).toEqual([
      'objections',
      ['review/owned-twice'],
      2,
    ]);
    expect(review.objections[0]!.instead).toMatch(/HandedOverOwner in the one that had it and adopt in the other/);
  });

  test('objects to or reports unknown for problems of a plan, missing stacks, and another commit', () => {
    const problem = { code: 'review/plan-errored', where: 'production', what: 'x', instead: 'y' };
    const owners = ownersOf([], web(['443/tcp']));
    const verdict = (...args: Parameters<typeof createReview>): unknown => {
      const { verdict: is, unknown, objections } = createReview(...args);
      return [is, codes(unknown), codes(objections)];
    };
    expect(verdict([planOf(owners, { unknowns: [problem] })], KNOWN)).toEqual(['unknown', ['review/plan-errored'], []]);
    expect(verdict([planOf(owners, { objections: [problem] })], KNOWN)).toEqual([
      'objections',
      [],
      ['review/plan-errored'],
    ]);
    expect(verdict([planOf(owners)], { ...KNOWN, missing: ['servers'] })).toEqual([
      'unknown',
      ['review/plan-missing'],
      [],
    ]);
    const synthesized = new Map(web(['443/tcp']).map((one) => [`${one.device}/hosting`, recorded(one)]));
    expect(verdict([planOf(owners)], { ...KNOWN, synthesized })).toEqual(['warnings', [], []]);
    const other = new Map(web(['443/tcp', '25/tcp']).map((one) => [`${one.device}/hosting`, recorded(one)]));
    expect(verdict([planOf(owners)], { ...KNOWN, synthesized: other })).toEqual([
      'objections',
      [],
      ['review/not-this-commit', 'review/not-this-commit'],
    ]);
    expect(verdict([planOf(owners.slice(0, 1))], { ...KNOWN, synthesized })).toEqual([
      'unknown',
      ['review/not-planned'],
      [],
    ]);
    expect(verdict([planOf(owners)], { ...KNOWN, failOn: ['opened', 'closed'] })).toEqual([
      'objections',
      [],
      ['review/fail-on-opened'],
    ]);
  });

  test('names resources of other modules', () => {
    const otherResources = { changed: [{ address: 'aws_instance.a', actions: ['delete', 'create'] }], unchanged: 3 };
    const review = createReview([planOf(ownersOf(web(['443/tcp']), web(['443/tcp'])), { otherResources })], KNOWN);
    expect(review.plans).toEqual([
      {
        name: 'production',
        madeBy: 'Terraform 1.11.4',
        unmanagedChanged: ['aws_instance.a (delete, create)'],
        unmanagedUnchanged: 3,
      },
    ]);
    expect(codes(review.notes)).toEqual(['review/foreign-resources']);
  });

  test('names the command if anything is delivered; if it is missing, notes it once for all plans that start it', () => {
    const command = '../../../node_modules/cpanel-edge/dist/cli/main.js';
    const review = (after: string, more: Partial<Plan>): Review => {
      const [first, ...others] = ownersOf(web(['443/tcp']), web([after])).map((owner, i) =>
        planOf([owner], { name: `stack${i}`, command, ...more }),
      );
      return createReview([first!, ...others], KNOWN);
    };
    const isMissing = { commandIsMissing: true } as const;
    expect(review('8443/tcp', {}).plans.map((one) => one.command)).toEqual([command, command]);
    expect(codes(review('8443/tcp', {}).notes)).toEqual([]);
    expect(review('443/tcp', isMissing).plans.map((one) => one.command)).toEqual([undefined, undefined]);
    expect(codes(review('443/tcp', isMissing).notes)).toEqual([]);
    expect(review('8443/tcp', isMissing)).toMatchObject({
      verdict: 'nothing to object to',
      notes: [
        {
          code: 'review/no-command-here',
          where: 'stack0, stack1',
          what: expect.stringContaining(` starts ${command}, `),
        },
      ],
    });
  });
});
