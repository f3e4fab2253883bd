// Tests the headline of a review, one line: what opens, closes or moves for the internet, shortened but never wrong.

import { PacketMap } from '../../lib/net/packet-map';
import { FULL_DETAIL, describeServices } from '../../lib/review/judging/headline/headline-words';
import { Policy } from '../../lib/policy/policy';
import { createReview } from '../../lib/review/judging/create-review';
import { KNOWN, Profile, edge, ownersOf, planOf, profile, reviewed, server, web } from './samples';
import { with_ } from './states-samples';

// The headline is for readers who read no further.

const first = (before: readonly Policy[], after: readonly Policy[]): string =>
  reviewed(before, after).headline.split('; ')[0]!;

const at = (
  publics: Readonly<Record<string, string>>,
  inside: string,
  services: Profile['services'],
): readonly Policy[] =>
  edge(
    publics,
    [server('web1', inside, profile(services))],
    [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
  );

/** One address for a web server, one for mail. */
const two = (web1: string, mail: string): readonly Policy[] =>
  edge(
    { a: web1, b: mail },
    [server('web1', '10.0.0.10', profile(['443/tcp'])), server('mail', '10.0.0.11', profile(['25/tcp']))],
    [
      { name: 'web', virtualIp: 'a', internal: { server: 'web1' } },
      { name: 'mail', virtualIp: 'b', internal: { server: 'mail' } },
    ],
  );

const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? { bigint: String(value) } : value);
const fromBigints = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'bigint' in value ? BigInt(String(value.bigint)) : value;

test('names an address that replaces another once, if it lets in the same', () => {
  const [old, next] = [
    at({ vip: '203.0.113.10' }, '10.0.0.10', ['443/tcp']),
    at({ vip: '203.0.113.20' }, '10.0.0.10', ['443/tcp']),
  ];
  const moved = 'web1 (10.0.0.10) moves from 203.0.113.10 to 203.0.113.20';
  expect(first(old, next)).toBe(moved);
  const more = at({ vip: '203.0.113.20' }, '10.0.0.10', ['443/tcp', '25/tcp']);
  expect(first(old, more)).toBe(`${moved}, tcp 25 opens to the internet on 203.0.113.20`);
});

test('names the server that an address is translated to now, and the one that leaves untranslated', () => {
  const [old, next] = ['10.0.0.10', '10.0.0.20'].map((inside) => at({ vip: '203.0.113.10' }, inside, ['443/tcp']));
  expect(first(old!, next!)).toBe(
    'web1/hosting names 10.0.0.20 in place of 10.0.0.10, ' +
      '203.0.113.10 moves from web1 (10.0.0.10) to web1 (10.0.0.20), web1 (10.0.0.10) leaves untranslated, more changes inside',
  );
});

test('names what closes for the internet by a removed server before changes inside; a server whose rules stay comes first', () => {
  const [both, left] = [two('203.0.113.10', '203.0.113.11'), at({ vip: '203.0.113.10' }, '10.0.0.10', ['443/tcp'])];
  const owners = ownersOf(both, left);
  const closes =
    'mail \\(10.0.0.11\\) leaves untranslated, tcp 25 closes for the internet on 203.0.113.11, tcp 22 closes for 198.51.100.0/28 on 203.0.113.11';
  expect(createReview([planOf(owners)], KNOWN).headline).toMatch(new RegExp(`^mail/hosting is retired, ${closes}; `));
  const staying = planOf(with_(owners, 'mail', { action: 'stays open' }));
  expect(createReview([staying], KNOWN).headline).toMatch(
    new RegExp(`^mail/hosting stays open, ${closes}; 1 objection; `),
  );
  const all = planOf(ownersOf(both, []).map((one) => ({ ...one, action: 'stays open' as const })));
  expect(createReview([all], KNOWN).headline).toBe(
    '3 releases stay open, nothing that is reachable changes; 3 objections; no review rules were given',
  );
});

test('names the ports of passive FTP apart, because a total would hide the services', () => {
  const services: Profile['services'] = ['ftp', 'http', '443/tcp', 'smtp', '993/tcp', '995/tcp', '2083/tcp'];
  expect(first(web(['443/tcp']), web(services))).toMatch(
    /^6 ports and tcp 49152-65534 open to the internet on 203\.0\.113\.10/,
  );
});

test('shortens each part of a large change so that the headline stays one line', () => {
  const swapped = (web1: string, mail: string): readonly Policy[] =>
    edge(
      { a: web1, b: mail },
      [
        server('web1', '10.0.0.10', profile(['http', '443/tcp', 'ftp', '8080/tcp'])),
        server('mail', '10.0.0.11', profile(['smtp', '443/tcp', 'panel', '993/tcp'])),
      ],
      [
        { name: 'web', virtualIp: 'a', internal: { server: 'web1' } },
        { name: 'mail', virtualIp: 'b', internal: { server: 'mail' } },
      ],
    );
  const said = first(swapped('203.0.113.10', '203.0.113.11'), swapped('203.0.113.11', '203.0.113.10'));
  expect(said).toBe(
    '203.0.113.10 moves from web1 (10.0.0.10) to mail (10.0.0.11), 203.0.113.11 moves from mail (10.0.0.11) to web1 (10.0.0.10), ' +
      '9 ports and tcp 49152-65534 open to the internet on 203.0.113.10 or 203.0.113.11, tcp 2087 opens for 198.51.100.0/28 on 203.0.113.10, ' +
      '9 ports and tcp 49152-65534 close for the internet on 203.0.113.10 or 203.0.113.11, tcp 2087 closes for 198.51.100.0/28 on 203.0.113.11',
  );
});

test("doesn't call an address that another gateway takes over both opened and closed", () => {
  const at203 = at({ vip: '203.0.113.10' }, '10.0.0.10', ['443/tcp']);
  const [gateway, web1] = at203 as [Policy, Policy];
  const other: Policy = { ...gateway, device: 'edge2' };
  const owners = ownersOf([gateway, web1], [other, web1]);
  expect(createReview([planOf(owners)], KNOWN).headline.split('; ')[0]).toMatch(
    /^edge\/hosting is retired, first release of edge2\/hosting, tcp 443 to the internet and tcp 22 for 198\.51\.100\.0\/28 come in by another gateway on 203\.0\.113\.10/,
  );
});

test("doesn't call addresses that packets reach by another interface both opened and closed", () => {
  const policies = two('203.0.113.10', '203.0.113.11');
  const renamed = JSON.parse(
    JSON.stringify(policies, bigints).replaceAll('"wan0"', '"wan1"'),
    fromBigints,
  ) as readonly Policy[];
  expect(first(policies, renamed)).toMatch(
    /^tcp 25,443 to the internet and tcp 22 for 198\.51\.100\.0\/28 come in by another interface on 203\.0\.113\.10 or 203\.0\.113\.11/,
  );
});

test('names the changes at two private addresses, one of which replaces the other, apart', () => {
  const managed = (address: string): readonly Policy[] =>
    edge(
      { vip: '203.0.113.10' },
      [server('web1', '10.0.0.10', profile(['443/tcp']), { addresses: ['10.0.0.10/24', `${address}/24`] })],
      [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1', address: '10.0.0.10' } }],
    );
  expect(first(managed('10.9.0.10'), managed('10.9.0.20'))).toMatch(
    /^web1\/hosting names 10\.9\.0\.20 in place of 10\.9\.0\.10, tcp 443 opens to every source that reaches 10\.9\.0\.20, .*tcp 443 closes for every source that reaches 10\.9\.0\.10, /,
  );
});

describe('an allow rule with fewer sources', () => {
  const mysql = (from: readonly string[] | 'anywhere') => web(['443/tcp', { service: '3306/tcp', from }]);
  test('closes for the internet, and names the sources that keep access', () => {
    expect(first(mysql('anywhere'), mysql(['192.0.2.50']))).toBe(
      'tcp 3306 closes for the internet except 192.0.2.50 on 203.0.113.10',
    );
    expect(first(mysql('anywhere'), mysql(['192.0.2.50', '192.0.2.60', '192.0.2.70']))).toBe(
      'tcp 3306 closes for the internet except some sources on 203.0.113.10',
    );
  });
  test('names no remaining source if the service closes for all, or if the source had no access', () => {
    expect(first(mysql('anywhere'), web(['443/tcp']))).toBe('tcp 3306 closes for the internet on 203.0.113.10');
    const blocked = (services: Profile['services']) => web(services, { blocked: ['192.0.2.66'] });
    expect(first(blocked(['443/tcp', '25/tcp']), blocked(['443/tcp']))).toBe(
      'tcp 25 closes for the internet on 203.0.113.10',
    );
  });
  test('names remaining sources at their own service only', () => {
    const both = web([{ service: '3306/tcp', from: 'anywhere' }, '25/tcp', '443/tcp']);
    expect(first(both, mysql(['192.0.2.50']))).toBe(
      'tcp 25 closes for the internet on 203.0.113.10, tcp 3306 closes for the internet except 192.0.2.50 on 203.0.113.10',
    );
  });
});

describe('a change at several addresses', () => {
  const each = (...services: readonly Profile['services'][]): readonly Policy[] =>
    edge(
      Object.fromEntries(services.map((_, at) => [`v${at}`, `203.0.113.1${at}`])),
      services.map((one, at) =>
        server(`web${at}`, `10.0.0.1${at}`, { ...profile(['80/tcp', ...one]), name: `p${at}` }),
      ),
      services.map((_, at) => ({ name: `m${at}`, virtualIp: `v${at}`, internal: { server: `web${at}` } })),
    );
  test('names a port at the addresses where it changes only', () => {
    expect(first(each(['25/tcp', '443/tcp'], ['443/tcp'], ['443/tcp']), each([], [], []))).toBe(
      'tcp 25,443 close for the internet on 203.0.113.10, tcp 443 closes for the internet on 203.0.113.11 and 203.0.113.12',
    );
    expect(first(each([], [], []), each(['25/tcp', '443/tcp'], ['25/tcp'], ['443/tcp']))).toBe(
      'tcp 25 opens to the internet on 203.0.113.10 and 203.0.113.11, tcp 443 opens to the internet on 203.0.113.10 and 203.0.113.12',
    );
  });
  test('names remaining sources at their own address only', () => {
    const mysql = { service: '3306/tcp', from: 'anywhere' } as const;
    expect(first(each([mysql], [mysql]), each([], [{ service: '3306/tcp', from: ['192.0.2.50'] }]))).toBe(
      'tcp 3306 closes for the internet on 203.0.113.10 and for the internet except 192.0.2.50 on 203.0.113.11',
    );
  });
  test('combines changes that would give too many parts', () => {
    expect(first(each([], [], [], []), each(['1/tcp'], ['2/tcp'], ['3/tcp'], ['4/tcp']))).toBe(
      'tcp 1-4 open to the internet on one or another of 4 addresses',
    );
    expect(first(each([], [], [], []), each(['1/tcp'], ['1/tcp'], ['1/tcp'], ['1/tcp']))).toBe(
      'tcp 1 opens to the internet on 4 addresses',
    );
  });
});

test("two addresses that swap servers: the gateway's line names the sessions to the former server", () => {
  const swapped = (a: string, b: string): readonly Policy[] =>
    edge(
      { a: '203.0.113.10', b: '203.0.113.11' },
      [server('web1', '10.0.0.10', profile(['443/tcp'])), server('web2', '10.0.0.11', profile(['443/tcp']))],
      [
        { name: 'one', virtualIp: 'a', internal: { server: a } },
        { name: 'two', virtualIp: 'b', internal: { server: b } },
      ],
    );
  const { devices } = reviewed(swapped('web1', 'web2'), swapped('web2', 'web1'));
  expect(devices.find(({ role }) => role === 'gateway')!.sessions).toBe(
    'sessions on ports that close or are translated elsewhere end; those to a former host that has the port open to any source by another address go on',
  );
});

test("doesn't say that nothing changes if a plan is incomplete, and says so for a plan that is out of date", () => {
  const policies = at({ vip: '203.0.113.10' }, '10.0.0.10', ['443/tcp']);
  const said = (code: string): string =>
    createReview(
      [planOf(ownersOf(policies, policies), { unknowns: [{ code, where: 'edge', what: '-target.', instead: '' }] })],
      KNOWN,
    ).headline;
  expect(said('review/plan-incomplete')).toMatch(/^nothing that is reachable is known to change; 1 unknown; /);
  expect(said('cli/sources-newer')).toMatch(
    /^the plan is out of date, and says: nothing that is reachable changes; 1 unknown; /,
  );
});

test('names a device with a new connection address, though no port changes', () => {
  const policies = at({ vip: '203.0.113.10' }, '10.0.0.10', ['443/tcp']);
  const plan = planOf(
    with_(ownersOf(policies, policies), 'web1', { login: 'root@192.0.2.9:22', previousLogin: 'root@192.0.2.1:22' }),
  );
  const { headline, notes } = createReview([plan], KNOWN);
  expect(headline).toMatch(/^web1\/hosting is reached elsewhere, nothing that is reachable changes; /);
  expect(notes.map(({ code, what }) => `${code}: ${what.split('. ')[0]!}`)).toEqual([
    'review/reached-elsewhere: It is reached as root@192.0.2.9:22, and was as root@192.0.2.1:22',
  ]);
});

test('names the server if its outgoing connections change', () => {
  const sends = (outbound: Profile['outbound']): readonly Policy[] =>
    web(['443/tcp'], outbound === undefined ? {} : { outbound });
  const listed = ['dns', 'https'];
  expect(first(sends(undefined), sends(listed))).toMatch(/^web1 may no longer send most ports and other protocols$/);
  expect(first(sends(listed), sends([...listed, 'smtp']))).toMatch(/^web1 may send tcp 25$/);
});

test('counts no ports for a set of protocols of which only some have ports', () => {
  const all = PacketMap.createSet({
    protocol: [
      { first: 0, last: 0 },
      { first: 2, last: 5 },
      { first: 18, last: 255 },
    ],
  });
  expect(describeServices(all, FULL_DETAIL)).toEqual({ words: 'protocols without ports', isSingular: false });
});

describe('changes inside', () => {
  const inside = (...networks: readonly string[]): readonly Policy[] =>
    edge(
      { vip: '203.0.113.10' },
      [server('web1', '10.0.0.10', profile(['443/tcp']), { trustedNetworks: networks })],
      [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
    );
  test('names the networks for which something opens and closes', () => {
    expect(first(inside('10.0.0.0/24'), inside('10.20.0.0/24'))).toBe(
      'most ports and other protocols open inside for 10.20.0.0/24 on 10.0.0.10, ' +
        'most ports and other protocols close inside for 10.0.0.0/24 on 10.0.0.10',
    );
  });
});
