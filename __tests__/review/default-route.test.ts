// Tests the remark on the default route of a server whose mapping moves to another gateway.

import { Policy } from '../../lib/policy/policy';
import { EDGE } from '../cases/edge';
import { printMarkdown } from '../../lib/review/print/review-markdown';
import { policiesOf, profile, reviewed, server, web } from './samples';

/** Creates a gateway with this internal address and these public addresses, all mapped to the server. */
function gateway(device: string, inside: string, ...publics: readonly string[]): readonly Policy[] {
  const policies = policiesOf({
    gateway: {
      ...EDGE,
      interfaces: EDGE.interfaces.map((one) => (one.role === 'outside' ? one : { ...one, addresses: [inside] })),
      virtualIps: publics.map((address, at) => ({ name: `vip${at}`, interface: 'wan0', address, kind: 'ip-alias' })),
      mappings: publics.map((_, at) => ({
        name: `web${at}`,
        virtualIp: `vip${at}`,
        internal: { server: 'web1' },
        ...(at > 0 ? { inboundOnly: true } : {}),
      })),
    },
    servers: [server('web1', '10.0.0.10', profile(['443/tcp']))],
  });
  return policies.flatMap((one) => (one.kind === 'gateway' ? [{ ...one, device }] : []));
}
const web1 = web(['443/tcp']).filter(({ kind }) => kind === 'server');
const [IP, OTHER] = ['203.0.113.10', '203.0.113.20'] as const;

const routes = (before: readonly Policy[], after: readonly Policy[]) =>
  reviewed(before, after).notes.filter(({ code }) => code === 'review/default-route');

describe('the note on a mapping that moves to another gateway', () => {
  test('stands unfolded, before the changes', () => {
    const markdown = printMarkdown(
      reviewed(
        [...gateway('gw1', '10.0.0.1/24', IP), ...gateway('gw2', '10.0.0.2/24'), ...web1],
        [...gateway('gw1', '10.0.0.1/24'), ...gateway('gw2', '10.0.0.2/24', IP), ...web1],
      ),
    );
    const [open] = markdown.split('<details>');
    expect(open).toMatch(
      /### To be done beside it\n[^]*review\/default-route[^]*ip route replace default via 10\.0\.0\.2/,
    );
    expect(markdown.match(/review\/default-route/g)).toHaveLength(1);
  });

  test('says that the server needs another default route', () => {
    const [note, ...more] = routes(
      [...gateway('gw1', '10.0.0.1/24', IP), ...gateway('gw2', '10.0.0.2/24'), ...web1],
      [...gateway('gw1', '10.0.0.1/24'), ...gateway('gw2', '10.0.0.2/24', IP), ...web1],
    );
    expect(more).toEqual([]);
    expect(note).toMatchObject({
      where: 'web1/hosting',
      instead: expect.stringContaining('ip route replace default via 10.0.0.2') as string,
    });
    expect(note!.what).toBe(
      'The mapping to 10.0.0.10 of web1 moves from gw1 to gw2. Answers follow the default route there, which no release sets: as long as its next hop is 10.0.0.1, or an address that gateways share (CARP, VRRP) and gw1 holds, they leave by gw1, and the client gets no answer.',
    );
  });
  test('also appears for a new or a removed gateway, a server in no plan, and another public address', () => {
    const [note] = routes(gateway('gw1', '10.0.0.1/24', IP), gateway('gw2', '10.0.0.2/24', IP));
    expect(note).toMatchObject({
      where: 'gw2/hosting',
      what: expect.stringMatching(/^The mapping to 10\.0\.0\.10 moves from gw1 to gw2/) as string,
    });
    const [one] = routes(
      [...gateway('gw1', '10.0.0.1/24', IP, OTHER), ...web1],
      [...gateway('gw1', '10.0.0.1/24', IP), ...gateway('gw2', '10.0.0.2/24', OTHER), ...web1],
    );
    expect(one?.where).toBe('web1/hosting');
  });
  test('is absent if the internal address of the gateway moves as well', () => {
    expect(
      routes([...gateway('gw1', '10.0.0.1/24', IP), ...web1], [...gateway('gw2', '10.0.0.1/24', IP), ...web1]),
    ).toEqual([]);
  });
  test('is absent for another server or the same gateway', () => {
    expect(
      routes([...gateway('gw1', '10.0.0.1/24', IP), ...web1], [...gateway('gw1', '10.0.0.1/24', OTHER), ...web1]),
    ).toEqual([]);
    expect(
      routes(
        [...gateway('gw1', '10.0.0.1/24', IP), ...web1],
        [...gateway('gw1', '10.0.0.1/24', IP), ...gateway('gw2', '10.0.0.2/24', OTHER), ...web1],
      ),
    ).toEqual([]);
  });
});
