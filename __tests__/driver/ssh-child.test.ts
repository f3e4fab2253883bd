// Tests, with a script in place of ssh, how the driver runs ssh as a child process: Ctrl-C at the terminal doesn't
// reach it, and its time limit is reported.

import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainNoAnswer } from '../../driver/answer-problems';
import { parseAnswer } from '../../driver/agent-answer';
import { runSsh } from '../../driver/ssh-child';
import { temporaryFolder } from '../temporary-folder';
import { connectionOf } from './samples';

const folder = temporaryFolder();

const fakeSsh = (script: string): NodeJS.ProcessEnv => {
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'ssh'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
};

it("Ctrl-C at the terminal doesn't reach ssh", async () => {
  let group = '';
  const env = fakeSsh('ps -o pgid= -p $$');
  await runSsh([], env, {}, () => (bytes) => void (group += bytes.toString()));
  const ours = execFileSync('ps', ['-o', 'pgid=', '-p', String(process.pid)], { encoding: 'utf8' });
  expect(Number(group)).toBeGreaterThan(0);
  expect(Number(group)).not.toBe(Number(ours));
});

it('reports how long it waited in vain', async () => {
  const { errorText, status } = await runSsh([], fakeSsh('exec sleep 60'), { seconds: 0.1 }, () => () => undefined);
  expect(explainNoAnswer(connectionOf(), parseAnswer('', errorText, status))).toMatchObject({
    code: 'driver/unreachable',
    what: 'The connection could not be made or broke: no answer within 0.1 s.',
    instead: expect.stringMatching(/bans the address of this machine/),
  });
});
