/**
 * Tests that a new platform needs only what lib/platforms/README.md says: the toy platform generates, verifies, refuses
 * and is delivered.
 *
 * @jest-environment node
 */

jest.mock('../../lib/registry', () => {
  const actual = jest.requireActual<typeof import('../../lib/registry')>('../../lib/registry');
  const { slate } = jest.requireActual<typeof import('./toy')>('./toy');
  return {
    ...actual,
    platforms: { ...actual.platforms, slate },
    parsablePlatforms: { ...actual.parsablePlatforms, slate },
    knownPlatforms: [...actual.knownPlatforms, { id: slate.capabilities.id, roles: ['server'] }],
  };
});
jest.mock('../../lib/device-systems', () => {
  const actual = jest.requireActual<typeof import('../../lib/device-systems')>('../../lib/device-systems');
  const { system: slate } = jest.requireActual<typeof import('./toy/system')>('./toy/system');
  return { ...actual, systems: { ...actual.systems, slate } };
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fc } from '../randomly';
import { createRelease } from '../../constructs/create-release';
import { renderReleaseFile } from '../../driver/release-file';
import { findByLocation } from '../../lib/net/device';
import { PROTOCOL } from '../../lib/net/packet';
import { ServerPolicy } from '../../lib/policy/policy';
import { verifyPolicy, verifyGenerated } from '../../lib/verifier/verify-policy';
import { codesOf, problemsOf } from '../problems';
import { servers } from '../policy/random';
import { address, opening, openings, ports, ranges, server } from '../generate/support';

const LOCAL = address('10.0.0.10');
const onSlate = (parts: Partial<ServerPolicy> = {}): ServerPolicy =>
  server({ platform: 'slate', version: '1', ...parts });

const policy = onSlate({
  allowRules: openings(
    'web',
    [
      opening({ ports: ports(443) }),
      opening({ ports: ports(22), sources: ranges('198.51.100.0/24'), management: true }),
    ],
    ranges('192.0.2.0/24'),
  ),
  trustedNetworks: ranges('10.0.0.0/24'),
});

describe('a platform is a folder, a line of the registry and one of the systems', () => {
  it('has at most 300 lines for a server that is only filtered', () => {
    const folder = join(__dirname, 'toy');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const lines = files.map((file) => readFileSync(join(folder, file), 'utf8').split('\n').length - 1);
    expect(lines.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(300);
  });

  const { generated, differences, faults } = verifyPolicy(policy);

  it('generates a config, and is verified', () => {
    expect(generated.text).toBe(
      [
        'slate web-team',
        'keep answers',
        'accept 6 22-22 from 198.51.100.0-198.51.100.255',
        'drop any all from 192.0.2.0-192.0.2.255',
        'accept any all from 10.0.0.0-10.0.0.255',
        'accept 6 443-443 from any',
        'end',
        '',
      ].join('\n'),
    );
    expect([...differences, ...faults].map(({ kind, text }) => `${kind}: ${text}`)).toEqual([]);
  });

  it.each([
    ['198.51.100.7', 22, 'allowed'],
    ['198.51.101.7', 22, 'denied'],
    ['198.51.101.7', 443, 'allowed'],
    ['192.0.2.7', 443, 'denied'],
    ['10.0.0.7', 3306, 'allowed'],
    ['198.51.100.7', 3306, 'denied'],
  ])('lets packets from %s to port %d be %s, in evaluator and trace', (source, port, is) => {
    const { evaluated } = verifyGenerated(policy, generated);
    const vantage = { kind: 'interface', name: 'eth0' } as const;
    const packet = { source: address(source), destination: LOCAL, protocol: PROTOCOL.tcp, port, sourcePort: 40_000 };
    expect(findByLocation(evaluated.reachability.views, vantage)!.dispositions.findValue(packet)?.is ?? 'denied').toBe(
      is,
    );
    expect(evaluated.explain(vantage, packet).disposition).toBe(is);
  });

  it('is verified for random policies', () => {
    fc.assert(
      fc.property(servers, ({ allowRules: asked, trustedNetworks, trustedConnections, establishedSessions }) => {
        const verification = verifyPolicy(
          onSlate({ allowRules: asked, trustedNetworks, trustedConnections, establishedSessions }),
        );
        expect(
          [...verification.differences, ...verification.faults].map(({ kind, text }) => `${kind}: ${text}`),
        ).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a port that is not allowed', (text: string) => text.replace('accept 6 443-443', 'accept 6 443-444')],
    ['a port that is missing', (text: string) => text.replace(/accept 6 443.*\n/, '')],
    [
      'a list in another order',
      (text: string) => text.replace(/(drop .*\n)(accept any.*\n)(accept 6 443.*\n)/, '$3$1$2'),
    ],
    ['sessions that go on', (text: string) => text.replace('keep answers', 'keep sessions')],
    ['an unknown line', (text: string) => text.replace('end', 'limit 6 80-80 to 5/s\nend')],
  ])('is not verified with %s', (_, edit) => {
    expect(edit(generated.text)).not.toBe(generated.text);
    expect(verifyGenerated(policy, { ...generated, text: edit(generated.text) }).differences).not.toEqual([]);
  });

  it('refuses by its capabilities, and texts that are incomplete', () => {
    expect(
      codesOf(() => verifyPolicy(onSlate({ ownPublic: [{ public: address('203.0.113.10'), local: LOCAL }] }))),
    ).toEqual(['slate/own-public']);
    const cut = generated.text.replace('end\n', '');
    expect(codesOf(() => verifyGenerated(policy, { ...generated, text: cut }))).toEqual(['slate/cut-off']);
  });

  it('is delivered as its system says', () => {
    const release = createRelease(verifyPolicy(policy), [], 60);
    const file = renderReleaseFile(release, 'a'.repeat(32), 'b'.repeat(32), { runner: 'me', made: 1 });
    expect(file.split('\n')).toContain('file web-team');
    const other = problemsOf(() =>
      renderReleaseFile({ ...release, text: 'else\n' }, 'a'.repeat(32), 'b'.repeat(32), { runner: 'me', made: 1 }),
    );
    expect(other.map(({ code }) => code)).toEqual(['driver/release-unusable']);
  });
});
