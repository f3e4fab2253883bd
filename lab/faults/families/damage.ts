// Fault tests of a stored release that is truncated, altered or refused by the firewall program: after a boot the
// device closes all but the management. Also assertions on the state after a boot, for the other families.
import { match, ok, strictEqual } from 'node:assert';
import { until } from '../../command';
import { printPorts } from '../../probe/ports';
import { scan } from '../../probe/scan';
import { ADDRESS } from '../../topology';
import { Combination, combinations } from '../fault';
import { DeviceName, before } from '../moment';
import { FaultPlatform, deviceStatus } from '../platform';
import { Others } from '../others/platform-actions';
import { Scene } from '../scene';
import { ALWAYS_OPEN, NEVER_OPEN, VERSIONS } from '../version-options';

export const rebooting = (scene: Scene): void =>
  scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });

/**
 * Asserts that the device runs one of these after a boot. Addresses exist only once the network is up, a moment after
 * sshd.
 */
export async function comesToRun(
  scene: Scene,
  device: DeviceName,
  ...allowed: readonly ('old' | 'new')[]
): Promise<void> {
  const came = async (): Promise<boolean> => (allowed as readonly string[]).includes(await scene.runs(device));
  await until(`${device} runs ${allowed.join(' or ')}`, 20, came).catch(() => undefined);
  await scene.expectRuns(device, ...allowed);
}

/** Returns the agent's status of the only owner. */
export async function statusOf(scene: Scene, device: DeviceName): Promise<Readonly<Record<string, string>>> {
  const { owners = [] } = (await deviceStatus(scene.lab, device)) ?? {};
  strictEqual(owners.length, 1, `owners on ${device}`);
  return owners[0]!;
}

const HOME = 'cd /etc/cpanel-edge/*-hosting';
const damages = ({ program, misspells }: Others): Readonly<Record<string, string>> => ({
  truncated: `${HOME} && head -c 400 release >release.cut && mv release.cut release && sync`,
  'altered (a port is opened in it)': `${HOME} && sed -i 's/${ALWAYS_OPEN}/${NEVER_OPEN}/' release && sync`,
  [`refused by ${program}`]: [
    `${HOME} && sed -i '/^text /,$${misspells}' release`,
    `sum=$({ sed '1,/^text /d' release; sed -n '/^addresses /,/^claims /p' release | sed '1d;$d'; } | sha256sum | cut -d ' ' -f 1)`,
    'sed -i "s/^digest .*/digest $sum/" release && sync',
  ].join('; '),
});

/**
 * Asserts that no source gets in by the public address, not even to the gateway itself. The operator gets in: `does`
 * and `status` use that way.
 */
async function expectClosed(scene: Scene, device: DeviceName): Promise<void> {
  const asked = [22, 80, ALWAYS_OPEN, NEVER_OPEN, VERSIONS.one.port, VERSIONS.two.port].join();
  const { open } = await scan(scene.lab, { from: 'internet', to: ADDRESS.publicWeb1 }, asked);
  strictEqual(printPorts(open), 'none', `what is reached while ${device} is closed`);
  if (device === 'web1') {
    const past = await scan(scene.lab, { from: 'internet', to: ADDRESS.web1 }, asked);
    strictEqual(printPorts(past.open), 'none', 'what is reached past the public address');
  }
  strictEqual((await scene.lab.ssh(device, 'true')).status, 0, 'the operator gets in');
  strictEqual((await statusOf(scene, device))['runs'], 'closed');
}

/**
 * Faults in a stored release, which a boot then can't load. A server is closed except for its management, and a gateway
 * closes its public addresses.
 */
export function damage({ others }: FaultPlatform): readonly Combination[] {
  return Object.entries(damages(others)).flatMap(([how, command]) =>
    combinations({
      name: `the stored release is ${how} before a boot`,
      moments: before('protocol'),
      ofPlatform: true,
      representative: (_, device) => (how === 'truncated') === (device === 'web1') && !how.startsWith('altered'),
      run: async (scene, device) => {
        rebooting(scene);
        await scene.lab.does(device, command);
        await scene.lab.device(device).reboot();
        await expectClosed(scene, device);
        await scene.lab.does(device, `${others.restart}; true`);
        await expectClosed(scene, device);
        match(await scene.lab.does(device, 'journalctl -b -t cpanel-edge -o cat'), /closed but for its management/);
        const verified = await scene.verify(device);
        ok(verified.status !== 0, verified.out);
        await scene.again();
        scene.succeeded();
        scene.tell('closed but for its management until the next delivery');
      },
    }),
  );
}
