import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { canHaveDevice } from '../device/machine';
import { describeWhere } from '../where-possible';

const RUN = join(__dirname, '../../scripts/quick-start/run.sh');
const LOADER = '/lib64/ld-linux-x86-64.so.2';

const here = (program: string, ...words: readonly string[]): string => spawnSync(program, words, { encoding: 'latin1' }).stdout;
const quickly = (...words: readonly string[]) => spawnSync('sh', [RUN, ...words], { encoding: 'latin1' });
/** Without what each core says of itself, its number. */
const ofProcessor = (said: string): readonly string[] =>
  said.split('\n').filter((line) => line.startsWith('x86.') && !line.includes('.features[0x0].cpuid[0x1]='));

test('a command has its words, and its status is the answer', () => {
  const { status, stdout, stderr } = quickly('sh', '-c', 'printf "%s|" "$@"; exit 3', 'sh', 'a b', '', "'$c'");
  expect([status, stdout, stderr]).toEqual([3, "a b||'$c'|", '']);
});

describeWhere(
  canHaveDevice && process.arch === 'x64',
  'the quick loader',
  'root on Linux on x86_64',
)('where programs begin quicker', () => {
  test('the C library knows the same of the processor', () => {
    expect(ofProcessor(quickly(LOADER, '--list-diagnostics').stdout)).toEqual(ofProcessor(here(LOADER, '--list-diagnostics')));
    expect(quickly('getconf', '-a').stdout).toBe(here('getconf', '-a'));
  });

  test('the machine itself has its own loader', () => {
    const sum = here('sha256sum', LOADER);
    quickly('true');
    expect(here('sha256sum', LOADER)).toBe(sum);
  });
});
