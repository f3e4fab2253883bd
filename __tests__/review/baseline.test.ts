// Tests which findings and objections of a review count as standing before the change: the same one at another address
// or name, or at fewer places.

import { Policy } from '../../lib/policy/policy';
import { edge, profile, Profile, reviewed, server, web } from './samples';

// A reviewer reads new warnings in full, and only the number of the old ones.

const OPEN: Profile['services'] = ['443/tcp', { service: 'mysql', from: 'anywhere' }];
const at = (publicAddress: string, services: Profile['services'] = OPEN, mapping = 'web'): readonly Policy[] =>
  edge(
    { vip: publicAddress },
    [server('web1', '10.0.0.10', profile(services))],
    [{ name: mapping, virtualIp: 'vip', internal: { server: 'web1' } }],
  );
const mysql = (
  before: readonly Policy[],
  after: readonly Policy[],
): readonly (readonly [boolean | undefined, string])[] =>
  reviewed(before, after).findings.flatMap(({ code, existedBefore, where }) =>
    code === 'ports/mysql-public' ? [[existedBefore, where] as const] : [],
  );
const WEB1 = 'server web1, owner hosting, profile cpanel';

describe('a finding that existed before', () => {
  test('stays the same finding at another address or under another name of its mapping', () => {
    expect(mysql(at('203.0.113.10'), at('203.0.113.20'))).toEqual([[true, WEB1]]);
    expect(mysql(at('203.0.113.10'), at('203.0.113.10', OPEN, 'shop'))).toEqual([[true, WEB1]]);
    expect(reviewed(at('203.0.113.10'), at('203.0.113.20')).headline).not.toContain('new warning');
  });
  test('is a new finding with other sources, another port or another server, or if there was none before', () => {
    const [to, from]: readonly Profile['services'][] = [
      OPEN,
      ['443/tcp', { service: 'mysql', from: ['192.0.2.0/24'] }],
    ];
    expect(mysql(at('203.0.113.10', from), at('203.0.113.20', to))).toEqual([[false, WEB1]]);
    const leading = (to: string): readonly Policy[] =>
      edge(
        { vip: '203.0.113.10' },
        [server('web1', '10.0.0.10', profile(OPEN)), server('web2', '10.0.0.11', profile(OPEN))],
        [{ name: 'web', virtualIp: 'vip', internal: { server: to } }],
      );
    expect(mysql(leading('web2'), leading('web1')).filter(([stood]) => stood === false)).toEqual([[false, WEB1]]);
    expect(mysql([], at('203.0.113.10'))).toEqual([[false, WEB1]]);
    const imap = (...services: Profile['services']) => web(['443/tcp', ...services]);
    const plain = reviewed(imap('imap-plain'), imap('imap-plain', 'pop3-plain')).findings.filter(
      ({ code }) => code === 'ports/plaintext-open',
    );
    expect(plain.map(({ existedBefore }) => existedBefore)).toEqual([false]);
  });
});

test('the headline counts objections that existed before apart from new ones', () => {
  const headline = (before: readonly Policy[], after: readonly Policy[]): string => reviewed(before, after).headline;
  expect(headline(at('203.0.113.10'), at('203.0.113.10', [...OPEN, '80/tcp']))).toMatch(
    /^tcp 80 opens .*; 1 objection as before; /,
  );
  expect(headline(at('203.0.113.10', ['443/tcp']), at('203.0.113.10'))).toMatch(/; 1 objection; /);
  const outbound = web(OPEN, { outbound: ['dns'] });
  expect(headline(web(OPEN), outbound)).toMatch(/; \d objections? and 1 as before; /);
});

describe('a finding in many places', () => {
  const all = (...numbers: readonly number[]): readonly Policy[] =>
    edge(
      Object.fromEntries(numbers.map((n) => [`v${n}`, `203.0.113.${n}`])),
      numbers.map((n) => server(`web${n}`, `10.0.0.${n}`, profile(OPEN))),
      numbers.map((n) => ({ name: `m${n}`, virtualIp: `v${n}`, internal: { server: `web${n}` } })),
    );
  const numbers = Array.from({ length: 14 }, (_, n) => n + 10);
  test("isn't new if it has fewer places", () => {
    expect(mysql(all(...numbers), all(...numbers.slice(1))).map(([stood]) => stood)).toEqual([true]);
  });
  test("isn't new if one server has fewer or other addresses", () => {
    const at = (...publics: readonly string[]): readonly Policy[] =>
      edge(
        Object.fromEntries(publics.map((address, n) => [`v${n}`, address])),
        [server('web1', '10.0.0.10', profile(OPEN))],
        publics.map((_, n) => ({
          name: `m${n}`,
          virtualIp: `v${n}`,
          internal: { server: 'web1' },
          ...(n > 0 ? { inboundOnly: true } : {}),
        })),
      );
    const [two, fewer, others] = [
      at('203.0.113.10', '203.0.113.11'),
      at('203.0.113.10'),
      at('203.0.113.30', '203.0.113.11'),
    ];
    expect(mysql(two, fewer).map(([stood]) => stood)).toEqual([true]);
    expect(mysql(two, others).map(([stood]) => stood)).toEqual([true]);
    expect(mysql(fewer, two).map(([stood]) => stood)).toEqual([false]);
  });
  test('is new if one of its places is new, and names that place first', () => {
    const [[stood, where] = [], ...more] = mysql(all(...numbers.slice(0, -1)), all(...numbers));
    expect([stood, more]).toEqual([false, []]);
    expect(where).toMatch(/^server web23, /);
  });
});

test('two servers that swap addresses keep their warnings, none of which is new', () => {
  const swapped = (a: string, b: string): readonly Policy[] =>
    edge(
      { a: '203.0.113.10', b: '203.0.113.11' },
      ['web1', 'web2'].map((name, at) => server(name, `10.0.0.1${at}`, profile(['https', 'ftp']))),
      [
        { name: 'one', virtualIp: 'a', internal: { server: a } },
        { name: 'two', virtualIp: 'b', internal: { server: b } },
      ],
    );
  const found = reviewed(swapped('web1', 'web2'), swapped('web2', 'web1')).findings.filter(
    ({ severity }) => severity === 'warning',
  );
  expect(found.map(({ existedBefore }) => existedBefore)).toEqual([true, true, true, true]);
});
