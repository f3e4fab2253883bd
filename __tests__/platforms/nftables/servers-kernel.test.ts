import { readFileSync } from 'node:fs';
import { caseFile, serverCases } from '../../support';
import { canUseKernel } from '../../reading/kernel-namespaces';
import { truthIn } from '../../truth';
import { describeWhere } from '../../where-possible';
import { Interfaces, ServerInKernel } from '../server-in-kernel';

jest.setTimeout(60_000);

const servers = serverCases();

it('finds servers', () => expect(servers.length).toBeGreaterThanOrEqual(18));

describeWhere(
  canUseKernel(),
  'servers in a kernel',
  'root on Linux, with nft, ip, conntrack and nping',
)('a kernel with the golden text', () => {
  const made = new Map<string, ServerInKernel>();
  afterAll(() => made.forEach((server) => server.remove()));

  function serverWith(interfaces: readonly Interfaces[]): ServerInKernel {
    const key = JSON.stringify(interfaces);
    const known = made.get(key) ?? new ServerInKernel(`cpk-${process.pid}-${made.size}`, interfaces);
    made.set(key, known);
    return known;
  }

  it.each(servers)('%s: passes what the truth says that passes, and nothing else', async (name, { addresses, interfaces }) => {
    const server = serverWith(interfaces ?? [{ name: 'eth0', addresses: addresses! }]);
    server.place.run(['nft', '-f', '-'], `flush ruleset\n${readFileSync(caseFile(name, 'nftables.golden'), 'utf8')}`);
    const { wrong, passed, stopped } = await server.differing(truthIn(readFileSync(caseFile(name, 'exposure.txt'), 'utf8')));
    expect(wrong).toEqual([]);
    // Where everything passes, or nothing, nothing is shown.
    expect(Math.min(passed, stopped)).toBeGreaterThan(10);
  });
});
