// Tests SSH connections with a real sshd: wrong host keys are refused on every hop, and a broken connection leaves
// nothing on the runner.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Connection } from '../../lib/agent-protocol/release';
import { AgentAnswer } from '../../driver/agent-answer';
import { explainNoAnswer } from '../../driver/answer-problems';
import { loadAgent } from '../../driver/agent-program';
import { useSsh } from '../../driver/ssh';
import { renderSshFiles } from '../../driver/ssh-config';
import { KEY_TYPES, TestDevice, canHaveDevice } from '../agent/machine';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

// A real sshd on loopback; the tests are skipped with a message if that isn't possible.
const withDevices = describeWhere(canHaveDevice, 'driver over ssh', 'root on Linux');
const folder = temporaryFolder();

withDevices('the OpenSSH client', () => {
  let device: TestDevice;
  let jump: TestDevice;

  beforeAll(async () => {
    [device, jump] = await Promise.all([TestDevice.start(folder, true, KEY_TYPES), TestDevice.start(folder)]);
  });
  afterAll(() => {
    device.stop();
    jump.stop();
  });

  const ask = (connection: Connection): Promise<AgentAnswer> =>
    useSsh(connection, process.env, (remote) => remote.run(['protocol']));
  const codeOf = (answer: AgentAnswer): string | undefined =>
    answer.result ? undefined : explainNoAnswer(device.connection(), answer).code;

  test.each(KEY_TYPES)('a host key of type %s alone is enough', async (type) => {
    expect((await ask(device.connection({}, type))).result?.values).toEqual({ protocol: String(loadAgent().protocol) });
  });

  test('a wrong host key is refused, also beside a right one of another type', async () => {
    const wrong = await ask(device.connection({ hostKeys: [jump.hostKey('ed25519')] }));
    expect(codeOf(wrong)).toBe('driver/host-key');
    const mixed = await ask(device.connection({ hostKeys: [jump.hostKey('ed25519'), device.hostKey('rsa')] }));
    expect(codeOf(mixed)).toBe('driver/host-key');
  });

  test("the user's configuration can't loosen the checks", async () => {
    const config = join(folder, 'config');
    const files = renderSshFiles(
      device.connection({ userConfiguration: true, hostKeys: [jump.hostKey('ed25519')] }),
      folder,
      'OpenSSH_9.2p1',
    );
    writeFileSync(config, files.config.replace('~/.ssh/config', join(folder, 'user')));
    const wishes = [
      'KnownHostsCommand /bin/true',
      'NoHostAuthenticationForLocalhost yes',
      'RemoteCommand id',
      'SessionType none',
      'StdinNull yes',
      'ForkAfterAuthentication yes',
      'LocalForward 8080 localhost:80',
    ];
    writeFileSync(join(folder, 'user'), ['Host *', ...wishes, ''].join('\n'));
    const said = spawnSync('ssh', ['-G', '-F', config, files.target], { encoding: 'utf8' }).stdout;
    expect(said).toMatch(/^nohostauthenticationforlocalhost no$/m);
    expect(said).not.toMatch(/^knownhostscommand (?!none)/m);
    // A session executes its command, reads its input, and ends with its process.
    const kept = ['clearallforwardings yes', 'forkafterauthentication no', 'sessiontype default', 'stdinnull no'];
    expect(said.split('\n')).toEqual(expect.arrayContaining(kept));
    expect(said).not.toMatch(/^remotecommand (?!none)/m);
  });

  test('checks both keys through a jump host', async () => {
    const by = (parts: Partial<Connection>): Connection => device.connection({ jump: jump.connection(parts) });
    expect((await ask(by({}))).result?.is).toBe('ok');
    expect(codeOf(await ask(by({ hostKeys: [device.hostKey('ed25519')] })))).toBe('driver/host-key');
    expect(codeOf(await ask({ ...by({}), hostKeys: [jump.hostKey('ed25519')] }))).toBe('driver/host-key');
  });

  test('a refused login, and a port without a listener', async () => {
    const { identityFile: stranger } = jump.connection();
    expect(codeOf(await ask(device.connection({ identityFile: stranger! })))).toBe('driver/login-refused');
    expect(codeOf(await ask(device.connection({ port: 1 })))).toBe('driver/unreachable');
  });

  test('a sshd that closes some connections early is asked again', async () => {
    let away = 2;
    const door = createServer((client) => {
      if (away-- > 0) return client.destroy();
      return client.pipe(connect(device.port, '127.0.0.1')).pipe(client);
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    try {
      const { port } = door.address() as AddressInfo;
      expect((await ask(device.connection({ port }))).result?.is).toBe('ok');
      expect(away).toBe(-1);
    } finally {
      door.close();
    }
  });

  test('each command is a connection of its own, and nothing is left on the runner', async () => {
    const mine = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('cpanel-edge-run-'));
    await useSsh(device.connection(), { ...process.env, TMPDIR: folder }, async (remote) => {
      expect((await remote.run(['facts'])).sections.get('forwarding')?.[0]).toBe('1');
      expect((await remote.run(['status'])).result?.word).toBe('status');
      expect(() => remote.run(['status; id'])).toThrow(TypeError);
      expect(mine()).toHaveLength(1);
    });
    expect(mine()).toEqual([]);
  });

  test('does so for a TMPDIR that ssh would misread, through a jump host too', async () => {
    const odd = mkdtempSync(join(folder, 'job%2Fone two-'));
    const by = device.connection({ jump: jump.connection() });
    const answer = await useSsh(by, { ...process.env, TMPDIR: odd }, (remote) => remote.run(['protocol']));
    expect([answer.result?.is, answer.errorLines]).toEqual(['ok', []]);
  });

  test('an interrupted command ends its connection', async () => {
    const stop = new AbortController();
    let waits = true;
    await useSsh(device.connection(), process.env, async (remote) => {
      // Meanwhile the agent waits for its lock.
      const held = device.hold(5).then(() => (waits = false));
      setTimeout(() => stop.abort(), 700);
      const status = await remote.run(['status'], { signal: stop.signal });
      expect([status.result, waits]).toEqual([undefined, true]);
      await held;
    });
  });
});
