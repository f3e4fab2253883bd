// Tests the public addresses of a review whose host changes: the lines with which its text begins.

import { Policy } from '../../lib/policy/policy';
import { printText } from '../../lib/review/print/review-text';
import { createReview } from '../../lib/review/judging/create-review';
import { EDGE } from '../cases/edge';
import { KNOWN, Profile, edge, ownersOf, planOf, policiesOf, profile, reviewed, server } from './samples';

/** A site whose servers are at 10.0.0.11 and up, each with the public address that stands beside its name. */
function createSite(
  externals: Readonly<Record<string, string>>,
  services: Profile['services'] = ['443/tcp', '25/tcp'],
): readonly Policy[] {
  const servers = ['web1', 'web2', 'web3', 'web4'];
  const mapped = servers.filter((name) => name in externals);
  return edge(
    Object.fromEntries(mapped.map((name) => [`${name}-vip`, externals[name]!])),
    servers.map((name, index) => server(name, `10.0.0.1${index + 1}`, profile(services))),
    mapped.map((name) => ({ name, virtualIp: `${name}-vip`, internal: { server: name } })),
  );
}

/** A gateway to which public networks are routed, with mappings of external to internal addresses. */
const createRoutedSite = (mappings: readonly (readonly [external: string, internal: string])[]): readonly Policy[] =>
  policiesOf({
    gateway: {
      ...EDGE,
      interfaces: [
        {
          name: 'wan0',
          role: 'outside',
          addresses: ['203.0.113.2/24'],
          publicPrefixes: [{ prefix: '198.18.0.0/15', delivery: 'routed' }],
        },
        { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/16'] },
      ],
      virtualIps: [],
      mappings: mappings.map(([external, internal], index) => ({ name: `host${index}`, external, internal })),
    },
  });

const FOLLOWING = /^ {2}\d+ rows follow from this alone; the JSON output has all of it$/;

/** Returns the lines of the section, which is the first of the text, without the count of rows that follow. */
function printAddressLines(before: readonly Policy[], after: readonly Policy[]): readonly string[] {
  const lines = printText(reviewed(before, after), { width: 200 }).split('\n');
  const start = lines.indexOf('Public addresses');
  return start === -1 ? [] : lines.slice(start + 1, lines.indexOf('', start)).filter((line) => !FOLLOWING.test(line));
}

const SERVICES = 'tcp 25,443 for any source; tcp 22 for 198.51.100.0/28';

describe('public addresses of a review', () => {
  test('an address that a server gets, and its services', () =>
    expect(printAddressLines(createSite({}), createSite({ web2: '203.0.113.21' }))).toEqual([
      '  + 203.0.113.21 → web2 (10.0.0.12)',
      `    opens ${SERVICES}`,
      '    to do: DNS, PTR and SPF for 203.0.113.21',
      '    outgoing connections of web2 (10.0.0.12) come from 203.0.113.21',
    ]));

  test('an address that a server loses, what closes, and the host that leaves untranslated', () =>
    expect(printAddressLines(createSite({ web2: '203.0.113.21' }), createSite({}))).toEqual([
      '  - 203.0.113.21, was web2 (10.0.0.12)',
      `    closes ${SERVICES}`,
      '    to do: DNS, PTR and SPF without 203.0.113.21',
      '    OUTBOUND: connections of web2 (10.0.0.12) leave untranslated, and reach nothing beyond the gateway unless something else translates them',
    ]));

  test('a server that gets another address, in one line', () =>
    expect(printAddressLines(createSite({ web2: '203.0.113.21' }), createSite({ web2: '203.0.113.25' }))).toEqual([
      '  ~ web2 (10.0.0.12) moves from 203.0.113.21 to 203.0.113.25',
      '    the same services, for the same sources',
      '    to do: DNS, PTR and SPF from 203.0.113.21 to 203.0.113.25',
      '    outgoing connections of web2 (10.0.0.12) come from 203.0.113.25',
    ]));

  test('an address that another server takes over', () =>
    expect(printAddressLines(createSite({ web3: '203.0.113.22' }), createSite({ web2: '203.0.113.22' }))).toEqual([
      '  ~ 203.0.113.22: web3 (10.0.0.13) → web2 (10.0.0.12)',
      '    the same services, for the same sources',
      '    to do: DNS, PTR and SPF of both hosts: 203.0.113.22 is another one now',
      '    outgoing connections of web2 (10.0.0.12) come from 203.0.113.22',
      '    OUTBOUND: connections of web3 (10.0.0.13) leave untranslated, and reach nothing beyond the gateway unless something else translates them',
    ]));

  test('two servers that swap addresses, sorted by address', () =>
    expect(
      printAddressLines(
        createSite({ web2: '203.0.113.22', web3: '203.0.113.21' }),
        createSite({ web2: '203.0.113.21', web3: '203.0.113.22' }),
      ),
    ).toEqual([
      '  ~ 203.0.113.21: web3 (10.0.0.13) → web2 (10.0.0.12)',
      '    the same services, for the same sources',
      '    to do: DNS, PTR and SPF of both hosts: 203.0.113.21 is another one now',
      '    outgoing connections of web2 (10.0.0.12) come from 203.0.113.21',
      '  ~ 203.0.113.22: web2 (10.0.0.12) → web3 (10.0.0.13)',
      '    the same services, for the same sources',
      '    to do: DNS, PTR and SPF of both hosts: 203.0.113.22 is another one now',
      '    outgoing connections of web3 (10.0.0.13) come from 203.0.113.22',
    ]));

  test('a move that opens another service says what opens and what closes', () =>
    expect(
      printAddressLines(
        createSite({ web2: '203.0.113.21' }, ['443/tcp', '8443/tcp']),
        createSite({ web2: '203.0.113.25' }, ['443/tcp', '25/tcp']),
      ),
    ).toEqual([
      '  ~ web2 (10.0.0.12) moves from 203.0.113.21 to 203.0.113.25',
      '    opens tcp 25 for any source',
      '    closes tcp 8443 for any source',
      '    otherwise the same services, for the same sources',
      '    to do: DNS, PTR and SPF from 203.0.113.21 to 203.0.113.25',
      '    outgoing connections of web2 (10.0.0.12) come from 203.0.113.25',
    ]));

  test('a host with other services has no service of the former one', () => {
    const createTwo = (name: 'mail' | 'web'): readonly Policy[] =>
      edge(
        { vip: '203.0.113.21' },
        [
          server('web', '10.0.0.11', profile(['443/tcp'])),
          server('mail', '10.0.0.12', profile(['25/tcp'], { management: { from: ['198.51.100.64/28'], port: 22 } })),
        ],
        [{ name: 'site', virtualIp: 'vip', internal: { server: name } }],
      );
    expect(printAddressLines(createTwo('web'), createTwo('mail')).slice(0, 3)).toEqual([
      '  ~ 203.0.113.21: web (10.0.0.11) → mail (10.0.0.12)',
      '    opens tcp 25 for any source; tcp 22 for 198.51.100.64/28',
      '    closes tcp 443 for any source; tcp 22 for 198.51.100.0/28',
    ]);
    expect(printAddressLines(createTwo('web'), createTwo('mail')).join()).not.toContain('same services');
  });

  test('nothing, where no host of an address changes', () =>
    expect(
      printAddressLines(createSite({ web2: '203.0.113.21' }), createSite({ web2: '203.0.113.21' }, ['25/tcp'])),
    ).toEqual([]));

  test('an address that another gateway takes over', () => {
    const [gateway, ...servers] = createSite({ web2: '203.0.113.21' }) as [Policy, ...Policy[]];
    const review = createReview(
      [planOf(ownersOf([gateway, ...servers], [{ ...gateway, device: 'edge2' }, ...servers]))],
      KNOWN,
    );
    expect(review.addresses).toMatchObject([
      {
        kind: 'reassigned',
        external: '203.0.113.21',
        hostBefore: 'web2 (10.0.0.12)',
        hostAfter: 'web2 (10.0.0.12)',
        gatewayBefore: 'edge/hosting',
        gatewayAfter: 'edge2/hosting',
      },
    ]);
  });

  test('a network that shrinks loses only the addresses that are gone', () => {
    const review = reviewed(
      createRoutedSite([['198.18.0.64/28', '10.0.0.64/28']]),
      createRoutedSite([['198.18.0.64/29', '10.0.0.64/29']]),
    );
    expect(review.addresses.map(({ kind, external, hostBefore }) => [kind, external, hostBefore])).toEqual([
      ['removed', '198.18.0.72/29', '10.0.0.72/29'],
    ]);
  });

  test('an address beyond 300 is counted', () => {
    const mappings = Array.from(
      { length: 301 },
      (_, index) => [`198.18.${index >> 7}.${index & 127}`, `10.0.${index >> 7}.${(index & 127) + 2}`] as const,
    );
    const review = reviewed(createRoutedSite([]), createRoutedSite(mappings));
    expect([review.counts.addresses, review.addresses.length]).toEqual([301, 300]);
  });

  test('a move, a swap and a removal open and close nothing that the lines of their addresses leave out', () => {
    const [at21, at25] = [createSite({ web2: '203.0.113.21' }), createSite({ web2: '203.0.113.25' })];
    const swapped = [
      createSite({ web2: '203.0.113.22', web3: '203.0.113.21' }),
      createSite({ web2: '203.0.113.21', web3: '203.0.113.22' }),
    ] as const;
    const listOthers = (before: readonly Policy[], after: readonly Policy[]): readonly string[] =>
      reviewed(before, after)
        .changes.filter(({ followsAddressChange }) => !followsAddressChange)
        .map(({ kind, destinations, service }) => `${kind} ${destinations.join()} ${service}`);
    expect(listOthers(at21, at25)).toEqual([]);
    expect(listOthers(...swapped)).toEqual([]);
    expect(listOthers(at21, createSite({}))).toEqual(['closed 203.0.113.21 tcp 22', 'closed 203.0.113.21 tcp 25,443']);
    expect(reviewed(at21, at25).counts.opened).toBeGreaterThan(0);
  });

  test('a service that opens besides the move stands among the openings', () => {
    const openInside = createSite({ web2: '203.0.113.25' }, [
      '443/tcp',
      '25/tcp',
      { service: '3306/tcp', from: ['10.0.0.0/24'] },
    ]);
    const review = reviewed(createSite({ web2: '203.0.113.21' }), openInside);
    expect(
      review.changes
        .filter(({ kind, followsAddressChange }) => kind === 'opened' && !followsAddressChange)
        .map(({ fromInternet, service }) => [fromInternet, service]),
    ).toContainEqual([true, 'tcp 3306']);
  });
});
