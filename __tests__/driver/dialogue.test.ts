import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spoken } from '../../driver/dialogue';
import { Answer } from '../../driver/answer';
import { Step, line } from '../../lib/delivering/dialogue';
import { dialogue } from '../platforms/toy-router/dialogue';
import { temporaryFolder } from '../temporary-folder';

// What moves the bytes of a session, with a device in the place of ssh that says a prompt to everything.

const folder = temporaryFolder();

/** `after`: what it goes on with when it was told to leave. */
function asked(protocol: () => Step, after = ''): Promise<Answer> {
  const ssh = join(folder, 'ssh');
  writeFileSync(
    ssh,
    `#!${process.execPath}
process.stdout.write('toy# ');
process.stdin.on('data', (typed) => {
  const text = String(typed);
  process.stdout.write(text.replaceAll('\\r', '\\r\\n') + 'toy# ');
  if (text.startsWith('exit')) { ${after} }
});
`,
  );
  chmodSync(ssh, 0o755);
  const manners = { ...dialogue.manners, opening: [] };
  return spoken({ ...dialogue, manners, protocol }, ['protocol'], [], { ...process.env, PATH: folder }, { seconds: 60 });
}

function* shows(then: (lines: readonly string[]) => string): Step {
  const { lines } = yield { line: line`show version` };
  return { result: then(lines) };
}

it('says what the step said', async () => {
  const answer = await asked(() => shows(() => 'ok protocol=1'), 'process.exit(0)');
  expect(answer.result).toMatchObject({ is: 'ok', values: { protocol: '1' } });
});

it('rejects where a step makes a mistake: the delivery has something to take back', async () => {
  await expect(asked(() => shows(() => (undefined as unknown as string).trim()))).rejects.toThrow(TypeError);
});

it('waits for nobody who goes on after it was told to leave', async () => {
  const answer = await asked(() => shows(() => 'ok protocol=1'), `setInterval(() => process.stdout.write('still here\\r\\n'), 500)`);
  expect(answer.result?.is).toBe('ok');
});
