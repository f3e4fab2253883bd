// Tests the options of `npm start`: each is in the usage text, an unknown one is refused, and a yes permits
// installations.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { USAGE, parseArguments } from '../../../lab/start/arguments';
import { consentOf, isYes } from '../../../lab/start/consent';

describe('the options of npm start', () => {
  it.each([
    ['', { task: 'show', verbose: false, install: 'decide' }],
    ['--keep --verbose', { task: 'keep', verbose: true, install: 'decide' }],
    ['--remove', { task: 'remove', verbose: false, install: 'decide' }],
    ['--yes', { task: 'show', verbose: false, install: 'yes' }],
    ['--no-install', { task: 'show', verbose: false, install: 'no' }],
    ['--help --keep', { task: 'help', verbose: false, install: 'decide' }],
    ['--kept', { wrong: '"--kept" is not an option' }],
    ['--yes lab', { wrong: '"lab" is not an option' }],
    ['--remove --keep', { wrong: '--keep and --remove contradict each other' }],
    ['--no-install --yes', { wrong: '--yes and --no-install contradict each other' }],
  ])('%s', (words, wanted) => expect(parseArguments(words.split(' ').filter(Boolean))).toEqual(wanted));

  it('are all in the usage, which has 80 columns', () => {
    for (const option of ['--keep', '--remove', '--verbose', '--yes', '--no-install', '--help'])
      expect(USAGE).toContain(`  ${option} `);
    expect(USAGE.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('start.sh, before anything is installed', () => {
  const start = (...words: readonly string[]) =>
    spawnSync('sh', [join(__dirname, '../../../lab/start.sh'), ...words], { encoding: 'utf8' });

  it('prints the usage', () => expect(start('--help')).toMatchObject({ status: 0, stdout: USAGE, stderr: '' }));

  it('refuses an option that it does not know, with status 2', () =>
    expect(start('--yes', '--kept')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `npm start: --kept is not an option\n\n${USAGE}`,
    }));
});

describe('whether something may be installed', () => {
  it.each([
    ['without a terminal', { install: 'decide', ci: undefined, terminal: false }, 'yes'],
    ['on a terminal', { install: 'decide', ci: undefined, terminal: true }, 'ask'],
    ['in CI that has a terminal', { install: 'decide', ci: 'true', terminal: true }, 'yes'],
    ['where CI is said to be false', { install: 'decide', ci: 'false', terminal: true }, 'ask'],
    ['with --yes on a terminal', { install: 'yes', ci: undefined, terminal: true }, 'yes'],
    ['with --no-install in CI', { install: 'no', ci: 'true', terminal: false }, 'no'],
  ] as const)('%s', (_, starter, wanted) => expect(consentOf(starter)).toBe(wanted));

  it('Enter and yes mean yes', () => {
    expect(['', ' ', 'y', 'Yes', 'n', 'no', 'what'].filter(isYes)).toEqual(['', ' ', 'y', 'Yes']);
  });
});
