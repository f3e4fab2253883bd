import { Policy } from '../lib/policy/policy';
import { PlannedOwner } from '../lib/review/plan';
import { LiveAnswer } from '../lib/review/judging/known';
import { reviewOf } from '../lib/review/judging/reviewed';
import { deviceOf, platformOf } from '../lib/proving/prove';
import { KNOWN, edge, ownersOf, planOf, policiesOf, profile, recorded, reviewed, rows, running, said, server, web } from './review-samples';

const only = (policies: readonly Policy[], device: string): Policy => policies.find((one) => one.device === device)!;
const codes = (remarks: readonly { readonly code: string }[]): readonly string[] => remarks.map(({ code }) => code);

/** The owners of a change, with one of them otherwise. */
const with_ = (owners: readonly PlannedOwner[], device: string, more: Partial<PlannedOwner>): readonly PlannedOwner[] =>
  owners.map((one) => (one.device === device ? { ...one, ...more } : one));

test('nothing changes', () => {
  const review = reviewed(web(['443/tcp']), web(['443/tcp']));
  expect(review).toMatchObject({ verdict: 'nothing to object to', headline: 'nothing that is reachable changes', changes: [], notes: [] });
  expect(review.devices.map(({ device, action, delivery }) => [device, action, delivery])).toEqual([
    ['edge', 'unchanged', 'nothing is delivered'],
    ['web1', 'unchanged', 'nothing is delivered'],
  ]);
  expect(review.counts).toEqual({ opened: 0, closed: 0, moved: 0, identity: 0, unknown: 0, devices: 0 });
});

test('a failed apply: what opens against any state opens, what closes against any closes', () => {
  const [narrow, wide, next] = [web(['443/tcp']), web(['443/tcp', '25/tcp']), web(['443/tcp', '993/tcp'])];
  const owners = ownersOf(narrow, next).map((owner) => ({
    ...owner,
    before: [running(only(narrow, owner.device), 'deposed'), running(only(wide, owner.device), 'tainted')],
  }));
  const review = reviewOf([planOf(owners)], KNOWN);
  expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 993 from anywhere reaches 10.0.0.10 of web1',
    'closed (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 25 from anywhere reaches 10.0.0.10 of web1',
  ]);
  expect(review.devices.map(({ before }) => before)).toEqual([
    'One of 2: the deposed release, or the tainted release. The worse is said.',
    'One of 2: the deposed release, or the tainted release. The worse is said.',
  ]);
  expect(codes(review.notes)).toEqual(['review/several-before', 'review/several-before']);
});

test('a first apply that failed may have left nothing', () => {
  const policies = web(['443/tcp']);
  const owners = ownersOf([], policies).map((owner) => ({
    ...owner,
    ...{ action: 'changed' as const, before: [running(only(policies, owner.device), 'tainted')], mayRunNone: true },
  }));
  expect(rows(reviewOf([planOf(owners)], KNOWN)).filter((row) => row.includes('internet'))).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
  ]);
});

test('a new program with the same exposure', () => {
  const owners = ownersOf(web(['443/tcp']), web(['443/tcp'])).map((owner) => ({
    ...{ ...owner, action: 'program' as const },
    changedTriggers: ['host keys'],
  }));
  const review = reviewOf([planOf(owners)], KNOWN);
  expect(review.changes).toEqual([]);
  expect(review.devices.map(({ action }) => action)).toEqual([
    'same exposure, new program (host keys)',
    'same exposure, new program (host keys)',
  ]);
  expect(codes(review.notes)).toEqual(['review/new-program', 'review/new-program']);
  expect(review.counts.devices).toBe(2);
});

test('another text with the same exposure', () => {
  // The sessions that close are no part of what is reachable.
  const before = web(['443/tcp']);
  const after = before.map((one): Policy => ({ ...one, whenClosed: 'finish' }));
  const review = reviewed(before, after);
  expect(review.changes).toEqual([]);
  expect(review.devices.map(({ action }) => action)).toEqual(['same exposure, other text', 'same exposure, other text']);
});

describe('a first release', () => {
  test('of everything: what is reachable afterwards is opened', () => {
    const review = reviewed([], web(['443/tcp']));
    expect(rows(review)).toEqual([
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
      'opened (end to end, edge/hosting) from inside by lan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
      'opened (end to end, edge/hosting) from inside by lan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
      'moved (one device, web1/hosting) from the device itself: 203.0.113.10 all protocols from 10.0.0.10 reaches 10.0.0.10 of web1: 203.0.113.10 → 10.0.0.10 of web1'.replace(
        ' reaches 10.0.0.10 of web1:',
        ':',
      ),
      'identity (one device, edge/hosting) from inside by lan0: any IPv4 but 10.0.0.0/24, 127.0.0.0/8, 203.0.113.2, 203.0.113.10, 224.0.0.0/3 all protocols from 10.0.0.10: ' +
        '10.0.0.10, not translated by us → 203.0.113.10',
    ]);
    expect(codes(review.notes)).toEqual(['review/first-release', 'review/first-release']);
    expect(review.objections).toEqual([]);
    expect(review.headline).toBe(
      'tcp 22,443 open to the internet on 203.0.113.10, 1 row led to another host, 1 row seen as another source',
    );
  });

  test('of a server whose gateway is not in the review', () => {
    const [, host] = web(['443/tcp']);
    const review = reviewed([], [host!]);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
      'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
    ]);
    expect(review.counts.closed).toBe(0);
  });

  test('of a server behind a gateway that was there', () => {
    const both = web(['443/tcp']);
    const review = reviewed([both[0]!], both);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
    ]);
    expect(review.changes[0]!.reason).toBe('profile cpanel opens tcp 22 from 198.51.100.0/28 (management), on web1');
  });
});

describe('what goes', () => {
  test('a retired gateway closes what it opened', () => {
    const [gateway] = web(['443/tcp']);
    const review = reviewed([gateway!], []);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'closed (one device, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10',
      'closed (one device, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10',
    ]);
    expect(review.changes.find(({ kind }) => kind === 'closed')!.reason).toBe('the release is taken off the device');
    expect(review.verdict).toBe('nothing to object to');
  });

  test('a retired server that stays closed changes nothing', () => {
    const [, host] = web(['443/tcp']);
    const review = reviewed([host!], []);
    expect(review.changes).toEqual([]);
    expect(review.devices[0]!.action).toBe('retired: its rules stay as they are');
  });

  test('a retired server that is left as it was before is unknown', () => {
    const [, host] = web(['443/tcp']);
    const owners = with_(ownersOf([host!], []), 'web1', { onRetract: 'as before' });
    const review = reviewOf([planOf(owners)], KNOWN);
    expect([review.verdict, codes(review.unknown)]).toEqual(['unknown', ['review/open-afterwards']]);
  });

  test('what is forgotten stays open, which is objected to', () => {
    const owners = with_(ownersOf(web(['443/tcp']), [only(web(['443/tcp']), 'web1')]), 'edge', { action: 'stays open' });
    const review = reviewOf([planOf(owners)], KNOWN);
    expect([review.verdict, codes(review.objections), review.changes]).toEqual(['objections', ['review/stays-open'], []]);
  });

  test('a mapping that goes closes its address and opens nothing', () => {
    const hosts = [server('web1', '10.0.0.10', profile(['443/tcp'])), server('web2', '10.0.0.20', profile(['25/tcp'], { name: 'mail' }))];
    const first = { name: 'web', virtualIp: 'a', inside: { server: 'web1' } };
    const both = edge({ a: '203.0.113.10', b: '203.0.113.11' }, hosts, [
      first,
      { name: 'mail', virtualIp: 'b', inside: { server: 'web2' } },
    ]);
    const one = edge({ a: '203.0.113.10' }, hosts, [first]);
    const review = reviewed(both, one);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'closed (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 22 from 198.51.100.0/28 reaches 10.0.0.20 of web2',
      'closed (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 25 from anywhere reaches 10.0.0.20 of web2',
    ]);
    expect(review.changes.find(({ kind }) => kind === 'closed')).toMatchObject({ reason: 'mapping mail is gone', mappings: ['mail'] });
    // And the other way round it is opened, not led elsewhere from the gateway that would not have it.
    expect(rows(reviewed(one, both)).filter((row) => row.includes('internet'))).toEqual([
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 22 from 198.51.100.0/28 reaches 10.0.0.20 of web2',
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 25 from anywhere reaches 10.0.0.20 of web2',
    ]);
  });
});

describe('what can not be trusted', () => {
  const before = web(['443/tcp']);
  const altered = (edit: (text: string) => string): readonly PlannedOwner[] =>
    ownersOf(before, before).map((owner) =>
      owner.device === 'web1' ? { ...owner, action: 'changed', after: { ...owner.after!, text: edit(owner.after!.text) } } : owner,
    );

  test('a text that somebody altered opens what its policy does not ask for', () => {
    const review = reviewOf([planOf(altered((text) => text.replace('tcp dport 443 accept', 'tcp dport { 443, 3306 } accept')))], KNOWN);
    expect([review.verdict, codes(review.objections)]).toEqual(['objections', ['review/text-altered']]);
    expect(review.objections[0]!.where).toBe('web1/hosting');
    expect(review.changes.filter(({ kind }) => kind === 'opened').map(said)).toEqual([
      'opened (one device, web1/hosting) from its network by eth0, not through edge: 10.0.0.10 tcp 3306 from anywhere reaches 10.0.0.10 of web1',
    ]);
  });

  test('a text that another version wrote, within the policy', () => {
    const review = reviewOf([planOf(altered((text) => `# written by another version\n${text}`))], KNOWN);
    expect([review.verdict, codes(review.objections), codes(review.notes)]).toEqual([
      'nothing to object to',
      [],
      ['review/another-version', 'review/other-text'],
    ]);
  });

  test.each([
    ['a text that is no text', { text: 'table inet x {' }, 'review/planned-text'],
    ['a policy that is no policy', { policy: '{}' }, 'review/planned-policy'],
    [
      'a platform that nobody knows',
      { policy: recorded(only(before, 'web1')).policy.replace('"nftables"', '"pf"') },
      'review/planned-policy',
    ],
  ])('%s is unknown', (_, more, code) => {
    const owners = ownersOf(before, before);
    const review = reviewOf(
      [planOf(with_(owners, 'web1', { action: 'changed', after: { ...recorded(only(before, 'web1')), ...more } }))],
      KNOWN,
    );
    expect([review.verdict, [...new Set(codes(review.unknown))]]).toEqual(['unknown', [code]]);
    expect(review.changes.filter(({ kind }) => kind === 'unknown').length).toBeGreaterThan(0);
    expect(review.changes.filter(({ kind }) => kind === 'opened' || kind === 'closed')).toEqual([]);
  });

  test('a former release that can not be read: what its gateway let through before is unknown, not unchanged', () => {
    const owners = with_(ownersOf(before, web(['443/tcp', '25/tcp'])), 'web1', {
      before: [{ ...running(only(before, 'web1'), 'applied'), policy: 'not JSON' }],
    });
    const review = reviewOf([planOf(owners)], KNOWN);
    expect([review.verdict, codes(review.unknown)]).toEqual(['unknown', ['review/recorded-policy']]);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 25 from anywhere reaches 10.0.0.10 of web1',
      'unknown (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
      'unknown (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
    ]);
    expect(review.changes.find(({ kind }) => kind === 'unknown')!.reason).toBe('the applied release can not be read');
  });

  test('an owner of which nothing can be read is still listed, and unknown', () => {
    const owners = with_(ownersOf([], before), 'web1', { after: { ...recorded(only(before, 'web1')), policy: '' } });
    const review = reviewOf([planOf(owners)], KNOWN);
    expect(review.verdict).toBe('unknown');
    expect(review.devices.map(({ device, action }) => [device, action])).toEqual([
      ['edge', 'first release'],
      ['web1', 'can not be judged'],
    ]);
  });
});

describe("the device's own answer", () => {
  const live = (text: string, policy: Policy): ReadonlyMap<string, LiveAnswer> =>
    new Map([[policy.device, { text, device: deviceOf(policy, platformOf(policy).writer.write(policy)) }]]);

  test('replaces what Terraform has recorded', () => {
    const [recordedOne, runs, next] = [web(['443/tcp']), web(['443/tcp', '25/tcp']), web(['443/tcp', '25/tcp'])];
    const host = only(runs, 'web1');
    const review = reviewed([only(recordedOne, 'web1')], [only(next, 'web1')], { live: live(recorded(host).text, host) });
    expect(review.changes).toEqual([]);
    expect(review.devices[0]).toMatchObject({ evidence: 'read from the device', before: 'what the device answered it runs' });
  });

  test('that can not be read is unknown', () => {
    const host = only(web(['443/tcp']), 'web1');
    const review = reviewed([host], [host], { live: live('table inet x { chain', host) });
    expect([review.verdict, codes(review.unknown)]).toEqual(['unknown', ['review/live-text']]);
  });
});

describe('beside the releases', () => {
  test('two owners of one device: each by itself, and one address in both is refused', () => {
    const one = (owner: string, address: string, inside: string): readonly Policy[] =>
      policiesOf({
        gateway: {
          ...{ device: 'edge', owner },
          interfaces: [
            { name: 'wan0', role: 'outside', addresses: ['203.0.113.2/24'] },
            { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24'] },
          ],
          virtualIps: [{ name: 'vip', interface: 'wan0', address, kind: 'ip-alias' }],
          mappings: [{ name: 'web', virtualIp: 'vip', inside, open: [{ ports: 443, protocol: 'tcp', from: 'anywhere' }] }],
        } as never,
      });
    const apart = [...ownersOf([], one('left', '203.0.113.10', '10.0.0.10')), ...ownersOf([], one('right', '203.0.113.11', '10.0.0.20'))];
    const review = reviewOf([planOf(apart)], KNOWN);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'opened (one device, edge/left) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10',
      'opened (one device, edge/right) from the internet by wan0: 203.0.113.11 tcp 443 from anywhere reaches 10.0.0.20',
    ]);
    expect([review.objections, review.counts.devices]).toEqual([[], 1]);
    const same = [...ownersOf([], one('left', '203.0.113.10', '10.0.0.10')), ...ownersOf([], one('right', '203.0.113.10', '10.0.0.20'))];
    expect(reviewOf([planOf(same)], KNOWN).objections.map(({ code, what }) => [code, what])).toEqual([
      [
        'review/claims-overlap',
        'Owner right of the same device claims the same addresses (203.0.113.10), so the device refuses whichever comes second.',
      ],
    ]);
  });

  test('one owner in two plans', () => {
    const owners = ownersOf([], web(['443/tcp']));
    const review = reviewOf([planOf(owners), planOf(owners.slice(0, 1), { name: 'staging' })], KNOWN);
    expect([review.verdict, codes(review.objections), review.devices.length]).toEqual(['objections', ['review/owned-twice'], 2]);
  });

  test('doubts and objections of a plan, missing stacks, another commit', () => {
    const problem = { code: 'review/plan-errored', where: 'production', what: 'x', instead: 'y' };
    const owners = ownersOf([], web(['443/tcp']));
    const verdict = (...args: Parameters<typeof reviewOf>): unknown => {
      const { verdict: is, unknown, objections } = reviewOf(...args);
      return [is, codes(unknown), codes(objections)];
    };
    expect(verdict([planOf(owners, { doubts: [problem] })], KNOWN)).toEqual(['unknown', ['review/plan-errored'], []]);
    expect(verdict([planOf(owners, { objections: [problem] })], KNOWN)).toEqual(['objections', [], ['review/plan-errored']]);
    expect(verdict([planOf(owners)], { ...KNOWN, missing: ['servers'] })).toEqual(['unknown', ['review/plan-missing'], []]);
    const synthesized = new Map(web(['443/tcp']).map((one) => [`${one.device}/hosting`, recorded(one)]));
    expect(verdict([planOf(owners)], { ...KNOWN, synthesized })).toEqual(['nothing to object to', [], []]);
    const other = new Map(web(['443/tcp', '25/tcp']).map((one) => [`${one.device}/hosting`, recorded(one)]));
    expect(verdict([planOf(owners)], { ...KNOWN, synthesized: other })).toEqual([
      'objections',
      [],
      ['review/not-this-commit', 'review/not-this-commit'],
    ]);
    expect(verdict([planOf(owners.slice(0, 1))], { ...KNOWN, synthesized })).toEqual(['unknown', ['review/not-planned'], []]);
    expect(verdict([planOf(owners)], { ...KNOWN, failOn: ['opened', 'closed'] })).toEqual(['objections', [], ['review/fail-on-opened']]);
  });

  test('resources of others are named', () => {
    const foreign = { changed: [{ address: 'aws_instance.a', actions: ['delete', 'create'] }], unchanged: 3 };
    const review = reviewOf([planOf(ownersOf(web(['443/tcp']), web(['443/tcp'])), { foreign })], KNOWN);
    expect(review.plans).toEqual([
      { name: 'production', terraformVersion: '1.11.4', foreignChanged: ['aws_instance.a (delete, create)'], foreignUnchanged: 3 },
    ]);
    expect(codes(review.notes)).toEqual(['review/foreign-resources']);
  });
});
