// Tests reviews of owners with several possible states before, such as after a failed apply: what opens against any of
// them is reported.

import { Policy } from '../../../lib/policy/policy';
import { createReview } from '../../../lib/review/judging/create-review';
import { KNOWN, edge, ownersOf, planOf, profile, reviewed, rows, running, server, web } from '../samples';
import { only, codes, with_ } from '../states-samples';

test('reports nothing if nothing changes', () => {
  const review = reviewed(web(['443/tcp']), web(['443/tcp']));
  expect(review).toMatchObject({
    verdict: 'nothing to object to',
    headline: 'nothing that is reachable changes; 1 warning as before; no review rules were given',
    changes: [],
    notes: [],
  });
  expect(review.devices.map(({ device, action, delivery }) => [device, action, delivery])).toEqual([
    ['edge', 'unchanged', 'nothing is delivered'],
    ['web1', 'unchanged', 'nothing is delivered'],
  ]);
  expect(review.counts).toEqual({ opened: 0, closed: 0, moved: 0, identity: 0, unknown: 0, devices: 0, addresses: 0 });
});

test('after a failed apply, opens and closes are reported against any possible state', () => {
  const [narrow, wide, next] = [web(['443/tcp']), web(['443/tcp', '25/tcp']), web(['443/tcp', '993/tcp'])];
  const owners = ownersOf(narrow, next).map((owner) => ({
    ...owner,
    before: [running(only(narrow, owner.device), 'deposed'), running(only(wide, owner.device), 'tainted')],
  }));
  const review = createReview([planOf(owners)], KNOWN);
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

test('a first apply that failed may have left nothing on the device', () => {
  const policies = web(['443/tcp']);
  const owners = ownersOf([], policies).map((owner) => ({
    ...owner,
    action: 'changed' as const,
    before: [running(only(policies, owner.device), 'tainted')],
    mayRunNone: true,
  }));
  expect(rows(createReview([planOf(owners)], KNOWN)).filter((row) => row.includes('internet'))).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
  ]);
});

test('notes a new agent with the same exposure', () => {
  const owners = ownersOf(web(['443/tcp']), web(['443/tcp'])).map((owner) => ({
    ...owner,
    action: 'program' as const,
    changedTriggers: ['host keys'],
  }));
  const review = createReview([planOf(owners)], KNOWN);
  expect(review.changes).toEqual([]);
  expect(review.devices.map(({ action }) => action)).toEqual([
    'same exposure, new program (in the plan: ~ host keys)',
    'same exposure, new program (in the plan: ~ host keys)',
  ]);
  expect(codes(review.notes)).toEqual(['review/new-program', 'review/new-program']);
  expect(review.counts.devices).toBe(2);
});

test('marks a device in the plan as Terraform does; an update of the record opens nothing', () => {
  const owners = ownersOf(web(['443/tcp']), web(['443/tcp'])).map((owner) => ({
    ...owner,
    action: 'changed' as const,
    changedTriggers: ['web opens tcp 22', 'web opens tcp 80', 'web opens tcp 443'],
    before: owner.before.map((one) => ({
      ...one,
      lines: { 'web opens tcp 22': 'anywhere', 'web opens tcp 443': 'anywhere' },
    })),
    after: { ...owner.after!, lines: { 'web opens tcp 80': 'anywhere', 'web opens tcp 443': '192.0.2.0/24' } },
  }));
  expect(createReview([planOf(owners)], KNOWN).devices[0]!.action).toMatch(
    / \(in the plan: - web opens tcp 22, \+ web opens tcp 80, ~ web opens tcp 443\)$/,
  );
});

test('reports another text with the same exposure as no change', () => {
  // Established sessions that are terminated are no part of reachability.
  const before = web(['443/tcp']);
  const after = before.map((one): Policy => ({ ...one, establishedSessions: 'keep' }));
  const review = reviewed(before, after);
  expect(review.changes).toEqual([]);
  expect(review.devices.map(({ action }) => action)).toEqual([
    'same exposure, other text',
    'same exposure, other text',
  ]);
});

describe('a first release', () => {
  test('of all devices reports what is reachable afterwards as opened', () => {
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
        'untranslated by us → 203.0.113.10',
    ]);
    expect(codes(review.notes)).toEqual(['review/first-release', 'review/first-release']);
    expect(review.objections).toEqual([]);
    expect(review.headline).toBe(
      'first release of edge/hosting and web1/hosting, tcp 443 opens to the internet on 203.0.113.10, tcp 22 opens for 198.51.100.0/28 on 203.0.113.10, more changes inside; 1 new warning; no review rules were given',
    );
  });

  test("of a server is judged alone if its gateway isn't in the review", () => {
    const [, host] = web(['443/tcp']);
    const review = reviewed([], [host!]);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
      'opened (one device, web1/hosting) from the internet by eth0: 10.0.0.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
    ]);
    expect(review.counts.closed).toBe(0);
  });

  test('of a server behind an existing gateway', () => {
    const both = web(['443/tcp']);
    const review = reviewed([both[0]!], both);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
    ]);
    expect(review.changes[0]!.reason).toBe('profile cpanel opens tcp 22 from 198.51.100.0/28 (management), on web1');
  });
});

describe('an owner that goes', () => {
  test('a removed gateway closes what it opened', () => {
    const [gateway] = web(['443/tcp']);
    const review = reviewed([gateway!], []);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'closed (one device, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10',
      'closed (one device, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10',
    ]);
    expect(review.changes.find(({ kind }) => kind === 'closed')!.reason).toBe('the release is taken off the device');
    expect(review.verdict).toBe('nothing to object to');
  });

  test('a removed server that stays closed changes nothing', () => {
    const [, host] = web(['443/tcp']);
    const review = reviewed([host!], []);
    expect(review.changes).toEqual([]);
    expect(review.devices[0]!.action).toBe('retired: its rules stay as they are');
  });

  test('a removed server without a closing text is unknown', () => {
    const [, host] = web(['443/tcp']);
    const owners = with_(ownersOf([host!], []), 'web1', { onRetract: 'as before' });
    const review = createReview([planOf(owners)], KNOWN);
    expect([review.verdict, codes(review.unknown)]).toEqual(['unknown', ['review/open-afterwards']]);
  });

  test('a forgotten owner stays open, which is an objection', () => {
    const owners = with_(ownersOf(web(['443/tcp']), [only(web(['443/tcp']), 'web1')]), 'edge', {
      action: 'stays open',
    });
    const review = createReview([planOf(owners)], KNOWN);
    expect([review.verdict, codes(review.objections), review.changes]).toEqual([
      'objections',
      ['review/stays-open'],
      [],
    ]);
  });

  test.each([['stays open'], ['released'], ['retired']] as const)(
    "%s: sessions of a server whose rules stay aren't terminated",
    (action) => {
      const before = web(['443/tcp']);
      const withoutMapping = edge({ a: '203.0.113.10' }, [server('web1', '10.0.0.10', profile(['443/tcp']))], []);
      const owners = with_(ownersOf(before, [only(withoutMapping, 'edge')]), 'web1', { action });
      const { devices, counts } = createReview([planOf(owners)], KNOWN);
      expect(counts.closed).toBeGreaterThan(0);
      expect(devices.map(({ device, sessions }) => `${device}: ${sessions}`)).toEqual([
        'edge: sessions on ports that close end',
        'web1: nothing closes',
      ]);
    },
  );

  test('a removed mapping closes its address and opens nothing', () => {
    const hosts = [
      server('web1', '10.0.0.10', profile(['443/tcp'])),
      server('web2', '10.0.0.20', profile(['25/tcp'], { name: 'mail' })),
    ];
    const first = { name: 'web', virtualIp: 'a', internal: { server: 'web1' } };
    const both = edge({ a: '203.0.113.10', b: '203.0.113.11' }, hosts, [
      first,
      { name: 'mail', virtualIp: 'b', internal: { server: 'web2' } },
    ]);
    const one = edge({ a: '203.0.113.10' }, hosts, [first]);
    const review = reviewed(both, one);
    expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
      'closed (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 22 from 198.51.100.0/28 reaches 10.0.0.20 of web2',
      'closed (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 25 from anywhere reaches 10.0.0.20 of web2',
    ]);
    expect(review.changes.find(({ kind }) => kind === 'closed')).toMatchObject({
      reason: 'mapping mail is gone',
      mappings: ['mail'],
    });
    // The opposite change opens the address; it isn't moved from the gateway that never had it.
    expect(rows(reviewed(one, both)).filter((row) => row.includes('internet'))).toEqual([
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 22 from 198.51.100.0/28 reaches 10.0.0.20 of web2',
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 25 from anywhere reaches 10.0.0.20 of web2',
    ]);
  });
});
