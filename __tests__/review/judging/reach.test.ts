// Tests the rows of a review: changed addresses and sources, IPv6 past the gateway, private addresses, unknown servers,
// and more rows than are listed.

import { EDGE } from '../../cases/edge';
import { createReview } from '../../../lib/review/judging/create-review';
import { Policy } from '../../../lib/policy/policy';
import { KNOWN, Profile, edge, ownersOf, planOf, policiesOf, profile, reviewed, rows, server, web } from '../samples';

const codes = (remarks: readonly { readonly code: string }[]): readonly string[] => remarks.map(({ code }) => code);

test('a new public address opens and closes ports, and changes the source translation of the server', () => {
  const at = (address: string) =>
    edge(
      { vip: address },
      [server('web1', '10.0.0.10', profile(['443/tcp']))],
      [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
    );
  const review = reviewed(at('203.0.113.10'), at('203.0.113.11'));
  expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.11 tcp 443 from anywhere reaches 10.0.0.10 of web1',
    'closed (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
    'closed (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
  ]);
  const identity = review.changes.find(({ kind }) => kind === 'identity')!;
  expect([identity.sources, identity.hostBefore, identity.hostAfter, identity.fromInternet]).toEqual([
    '10.0.0.10',
    '203.0.113.10',
    '203.0.113.11',
    false,
  ]);
  expect(identity.reason).toBe(
    'before: mapping web, 203.0.113.10 = 10.0.0.10; after: mapping web, 203.0.113.11 = 10.0.0.10',
  );
  expect(review.headline.split('; ')[0]).toBe('web1 (10.0.0.10) moves from 203.0.113.10 to 203.0.113.11');
});

test('names a source that leaves a list, and a service with the one address that loses it', () => {
  const of = (sources: readonly string[], more: readonly '993/tcp'[]) =>
    edge(
      { one: '203.0.113.10', two: '203.0.113.11' },
      ['10.0.0.10', '10.0.0.11'].map((address, i) =>
        server(
          `web${i}`,
          address,
          profile([{ ports: i === 0 ? ['2083/tcp', ...more] : ['8443/tcp', ...more], from: sources }]),
        ),
      ),
      ['one', 'two'].map((virtualIp, i) => ({ name: `web${i}`, virtualIp, internal: { server: `web${i}` } })),
    );
  const [wide, narrow] = [['192.0.2.64/26'], ['192.0.2.64/27']];
  expect(reviewed(of(wide, []), of(narrow, [])).headline.split('; ')[0]).toBe(
    'tcp 2083 closes for 192.0.2.96/27 on 203.0.113.10, tcp 8443 closes for 192.0.2.96/27 on 203.0.113.11',
  );
  expect(
    reviewed(of(['192.0.2.1', '192.0.2.3', '192.0.2.5', '192.0.2.7'], []), of(['192.0.2.7'], [])).headline,
  ).toMatch(
    /^tcp 2083 closes for listed sources on 203\.0\.113\.10, tcp 8443 closes for listed sources on 203\.0\.113\.11; /,
  );
  expect(reviewed(of(wide, []), of(wide, ['993/tcp'])).headline.split('; ')[0]).toBe(
    'tcp 993 opens for 192.0.2.64/26 on 203.0.113.10 and 203.0.113.11',
  );
  const one = (...services: Parameters<typeof profile>[0]) =>
    edge(
      { one: '203.0.113.10' },
      [server('web', '10.0.0.10', profile(services))],
      [{ name: 'web', virtualIp: 'one', internal: { server: 'web' } }],
    );
  const [office, home] = [
    { ports: ['2083/tcp'], from: ['192.0.2.64/26'] },
    { ports: ['8443/tcp'], from: ['192.0.2.1'] },
  ] as const;
  expect(reviewed(one('443/tcp'), one('443/tcp', office, home)).headline).toMatch(
    /^tcp 2083,8443 open for listed sources on 203\.0\.113\.10; /,
  );
});

test('reports the IPv6 of a server, which no gateway filters, by the server alone', () => {
  const with6 = (services: Parameters<typeof profile>[0]) =>
    edge(
      { vip: '203.0.113.10' },
      [server('web1', '10.0.0.10', profile(services), { addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'] })],
      [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
    );
  const review = reviewed(with6(['443/tcp']), with6(['443/tcp', '993/tcp']));
  expect(rows(review)).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 993 from anywhere reaches 10.0.0.10 of web1',
    'opened (one device, web1/hosting) from the internet by eth0: 2001:db8:0:1::10 tcp 993 from anywhere reaches 2001:db8:0:1::10 of web1',
    'opened (end to end, edge/hosting) from inside by lan0: 203.0.113.10 tcp 993 from anywhere reaches 10.0.0.10 of web1',
  ]);
  expect(review.changes[1]!.examplePacket).toBe('2001:db8:ffff::7 port 40000 to 2001:db8:0:1::10 tcp 993');
});

test('the internet reaches no private address to which nothing is translated', () => {
  const managed = (services: Parameters<typeof profile>[0]) =>
    edge(
      { vip: '203.0.113.10' },
      [server('web1', '10.0.0.10', profile(services), { addresses: ['10.0.0.10/24', '10.9.0.10/24'] })],
      [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1', address: '10.0.0.10' } }],
    );
  const [one, two] = [managed(['443/tcp']), managed(['443/tcp', '993/tcp'])];
  const opens = 'tcp 993 opens to the internet on 203.0.113.10 and to every source that reaches 10.9.0.10';
  expect(reviewed(one, two).headline.split('; ')[0]).toBe(opens);
  const closes = 'tcp 993 closes for the internet on 203.0.113.10 and for every source that reaches 10.9.0.10';
  expect(reviewed(two, one).headline.split('; ')[0]).toBe(closes);
  const [gateway] = one;
  const beside = reviewed([gateway!, one[1]!], [gateway!, two[1]!]);
  expect(beside.headline.split('; ')[0]).toBe(
    'tcp 993 opens to every source that reaches 10.9.0.10, more changes inside',
  );
});

test('a port that only the server opens changes nothing through the gateway, but something from inside', () => {
  const [gateway] = web(['443/tcp']);
  const review = reviewed([gateway!, web(['443/tcp'])[1]!], [gateway!, web(['443/tcp', '993/tcp'])[1]!]);
  expect(rows(review)).toEqual([
    'opened (one device, web1/hosting) from its network by eth0, not through edge: 10.0.0.10 tcp 993 from anywhere reaches 10.0.0.10 of web1',
  ]);
  expect(review.changes[0]!.fromInternet).toBe(false);
  expect(review.headline).toMatch(/^tcp 993 opens inside on 10\.0\.0\.10/);
});

test('judges a host with an unknown firewall by the gateway alone, and notes its address', () => {
  const [before] = web(['443/tcp']);
  const [after] = web(['443/tcp', '993/tcp']);
  const review = reviewed([before!], [after!]);
  expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
    'opened (one device, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 993 from anywhere reaches 10.0.0.10',
  ]);
  const note = review.notes.find(({ code }) => code === 'review/host-not-known');
  expect([note?.where, note?.what.split(': ').at(-1)]).toEqual(['edge/hosting', '10.0.0.10.']);
});

test("reports unknown for a gateway's mapping to a server whose rules are removed", () => {
  const before = web(['443/tcp']);
  const owners = ownersOf(before, before).map((owner) =>
    owner.device === 'web1'
      ? { ...owner, action: 'retired' as const, after: undefined, onRetract: 'as before' as const }
      : owner,
  );
  const review = createReview([planOf(owners)], KNOWN);
  expect([review.verdict, codes(review.unknown)]).toEqual(['unknown', ['review/open-afterwards']]);
  expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
    'unknown (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.10 of web1',
    'unknown (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.10 of web1',
  ]);
  expect(review.changes[0]!.reason).toBe('what it lets in without our rules is not known');
});

test("objects to a text that was edited to have a translation that its policy doesn't", () => {
  const before = web(['443/tcp']);
  const owners = ownersOf(before, before).map((owner) =>
    owner.device === 'edge'
      ? {
          ...owner,
          action: 'changed' as const,
          after: {
            ...owner.after!,
            text: `${owner.after!.text}table ip more {\n  chain in {\n    type nat hook prerouting priority -110; policy accept;\n    ip daddr 203.0.113.99 tcp dport 8443 dnat to 10.0.0.20:3306\n  }\n}\n`,
          },
        }
      : owner,
  );
  const review = createReview([planOf(owners)], KNOWN);
  expect([review.verdict, codes(review.objections)[0]]).toEqual(['objections', 'review/text-altered']);
  expect(review.objections[0]!.what).toContain('203.0.113.99 tcp 8443');
  expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
    'opened (one device, edge/hosting) from the internet by wan0: 203.0.113.99 tcp 8443 from anywhere reaches 10.0.0.20 port 3306',
  ]);
});

test('two servers with one address are as open as the more open one, with a note', () => {
  const wide = server('web2', '10.0.0.10', profile(['443/tcp', '993/tcp'], { name: 'second' }));
  const [gateway, host] = web(['443/tcp']);
  const [opening] = web(['443/tcp', '993/tcp']);
  const second = policiesOf({ servers: [wide] });
  const review = reviewed([gateway!, host!, ...second], [opening!, host!, ...second]);
  expect(rows(review).filter((row) => row.includes('internet'))).toEqual([
    expect.stringMatching(
      /^opened \(end to end, edge\/hosting\) from the internet by wan0: 203\.0\.113\.10 tcp 993 from anywhere reaches /,
    ),
  ]);
  expect(codes(review.notes)).toContain('review/shared-address');
});

test('lists the worst rows up to the limit and counts the rest', () => {
  const hosts = Array.from({ length: 160 }, (_, n) => n + 20);
  const opening = (extra: number) =>
    policiesOf({
      gateway: {
        ...EDGE,
        virtualIps: hosts.map((n) => ({
          name: `v${n}`,
          interface: 'wan0',
          address: `203.0.113.${n}`,
          kind: 'proxy-arp',
        })),
        mappings: hosts.map((n) => ({
          name: `m${n}`,
          virtualIp: `v${n}`,
          internal: `10.0.0.${n}`,
          open: [{ ports: [443, ...(extra === 0 ? [] : [extra + 3 * n])], protocol: 'tcp', from: 'anywhere' }],
        })),
      },
    });
  const review = reviewed(opening(0), opening(1000));
  expect([review.counts.opened, review.changes.length]).toEqual([320, 300]);
  expect(review.changes.slice(0, 160).every(({ fromInternet }) => fromInternet)).toBe(true);
  expect(review.notes.find(({ code }) => code === 'review/more-rows')!.what).toBe(
    '320 rows change, of which the first 300 are listed, the worst first; the verdict and the counts are about all of them.',
  );
});

test("the reason names sources of the packet's address family", () => {
  const managed = (...more: readonly string[]) => {
    const from = ['198.51.100.0/28', ...more, '2001:db8:7::/48'];
    const web1 = server('web1', '10.0.0.10', profile(['443/tcp'], { management: { from, port: 22 } }), {
      addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'],
    });
    return edge({ vip: '203.0.113.10' }, [web1], [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }]);
  };
  const reasons = reviewed(managed(), managed('192.0.2.0/24')).changes.map(({ reason }) => reason);
  expect(new Set(reasons)).toEqual(
    new Set(['profile cpanel opens tcp 22 from 192.0.2.0/24, 198.51.100.0/28 (management)']),
  );
});

test('a port that opens at several addresses names the host of each', () => {
  const createServers = (count: number, services: Profile['services']): readonly Policy[] => {
    const names = Array.from({ length: count }, (_, index) => `web${index + 1}`);
    return edge(
      Object.fromEntries(names.map((name, index) => [name, `203.0.113.${10 + index}`])),
      names.map((name, index) => server(name, `10.0.0.${30 - index}`, profile(services))),
      names.map((name) => ({ name, virtualIp: name, internal: { server: name } })),
    );
  };
  const findHosts = (count: number): string | undefined =>
    reviewed(createServers(count, ['443/tcp']), createServers(count, ['443/tcp', '8443/tcp'])).changes.find(
      ({ service, fromInternet }) => service === 'tcp 8443' && fromInternet,
    )?.destinationHost;
  expect(findHosts(3)).toBe('10.0.0.30 of web1, 10.0.0.29 of web2, 10.0.0.28 of web3');
  expect(findHosts(8)).toBe(
    '10.0.0.30 of web1, 10.0.0.29 of web2, 10.0.0.28 of web3, 10.0.0.27 of web4, 10.0.0.26 of web5, 10.0.0.25 of web6, and 2 more',
  );
});
