// Tests when the driver installs or updates the agent on a device: only as root, and not while another command uses it.
// Other logins are told to run `bootstrap`. Runs on a test device with a real sshd.

import { AgentAnswer } from '../../driver/agent-answer';
import { prepareAgent } from '../../driver/prepare-agent';
import { renderInstallScript, loadAgent } from '../../driver/agent-program';
import { Remote } from '../../driver/ssh';
import { Refusal } from '../../lib/problems/problem';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { connectionOf } from './samples';

const folder = temporaryFolder();

describeWhere(
  canHaveDevice,
  'the installation of the agent',
  'root on Linux',
)('the installation of the agent', () => {
  const script = renderInstallScript(loadAgent());
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder)));
  afterAll(() => device.stop());

  test.each([
    ['full', 'mount -t tmpfs -o size=64k none /usr/local/sbin'],
    ['read-only', 'mount -t tmpfs -o ro none /usr/local/sbin'],
  ])('if the disk is %s, it is refused by name and leaves nothing', (_, mounted) => {
    const said = device.apart(`${mounted} && sh -s; ls /usr/local/sbin`, script);
    expect(said.trim().split('\n')).toEqual([
      'cpanel-edge: refused disk-full',
      expect.stringMatching(/No space left on device|Read-only file system/),
    ]);
  });

  // The busy agent may hold an armed release, and may be newer: it can't be asked.
  test('an agent that another command uses is left in place', () => {
    const busy = '#!/bin/sh\necho cpanel-edge: refused busy holder=another-command\n';
    device.run('cat >/usr/local/sbin/cpanel-edge-device', busy);
    expect(device.run('sh -s', script)).toBe('cpanel-edge: refused busy\n');
    expect(device.run('cat /usr/local/sbin/cpanel-edge-device')).toBe(busy);
  });
});

describe('a device without the agent', () => {
  const answered = (parts: Partial<AgentAnswer>): AgentAnswer => ({ sections: new Map(), errorLines: [], ...parts });
  const prepared = async (
    protocol: Partial<AgentAnswer>,
    script: AgentAnswer['result'],
    user = 'root',
  ): Promise<string> => {
    const remote: Remote = {
      connection: connectionOf({ user }),
      run: () => Promise.resolve(answered(protocol)),
      script: () => Promise.resolve(answered(script ? { result: script } : {})),
    };
    try {
      const said: string[] = [];
      await prepareAgent(remote, loadAgent(), (line) => void said.push(line));
      return said.join('\n');
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  };
  const installed = { is: 'ok', word: 'installed', values: {} } as const;

  // Each message as the shell prints it, with its status: tcsh and csh exit with 1.
  test.each([
    ['dash', 127, 'sh: 1: /usr/local/sbin/cpanel-edge-device: not found'],
    ['bash', 127, 'bash: line 1: /usr/local/sbin/cpanel-edge-device: No such file or directory'],
    ['fish', 127, 'fish: Unknown command: /usr/local/sbin/cpanel-edge-device'],
    ['tcsh', 1, '/usr/local/sbin/cpanel-edge-device: Command not found.'],
  ])("root's login shell is %s: the agent is installed", async (_, status, said) => {
    expect(await prepared({ status, errorLines: [said] }, installed)).toBe('installing the agent');
  });

  test.each([
    [1, 'rbenv: Command not found.'],
    [127, '/usr/local/bin/menu: 2: exec: tmux: not found'],
    [127, '/usr/local/bin/menu: line 2: exec: tmux: not found'],
    [1, '/usr/bin/zsh: No such file or directory'],
  ])("a command that root's shell or start files don't find isn't the agent: %s, %s", async (status, said) => {
    for (const user of ['root', 'deploy']) {
      const refusal = await prepared({ status, errorLines: [said] }, installed, user);
      expect(refusal).toMatch(/^driver\/login-shell .*its shell fails before it starts the agent\. \(/);
      expect(refusal).toContain(said.replace(/\.$/, ''));
      expect(refusal).toContain(`the login shell of ${user} (getent passwd ${user}`);
      expect(refusal).not.toContain('bootstrap');
    }
  });

  test('a user with sudo, or whose shell prints nothing, is told to run bootstrap', async () => {
    for (const answer of [
      { status: 1, errorLines: ['sudo: /usr/local/sbin/cpanel-edge-device: command not found'] },
      { status: 127 },
    ])
      expect(await prepared(answer, installed, 'deploy')).toMatch(
        /^driver\/program-too-old .*not installed[^]*bootstrap --user deploy/,
      );
  });

  test.each([
    ['disk-full', /could not write the agent: disk full or read-only\.[^]*instead: make room on the device/],
    ['busy', /another command of the agent is at work[^]*instead: wait for it/],
  ])('refused with %s: the message says what to do', async (word, says) => {
    expect(await prepared({ status: 127 }, { is: 'refused', word, values: {} })).toMatch(says);
  });
});
