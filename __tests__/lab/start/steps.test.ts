// Tests how the steps of `npm start` are printed: a line each in a pipe, a spinner on a terminal, the reason of a
// failure, and the log.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Log } from '../../../lab/start/log';
import { Screen } from '../../../lab/start/screen';
import { StepFailed, Steps, reasonLines, stepLine } from '../../../lab/start/steps';
import { MmdebstrapProgress } from '../../../lab/mmdebstrap-progress';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-steps-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function steps(isTTY: boolean) {
  let [printed, now] = ['', 0];
  const file = join(folder, 'log.txt');
  const screen = new Screen({ isTTY, columns: 80, write: (text) => (printed += text) }, {});
  return {
    screen,
    steps: new Steps(screen, new Log(file), 'lab-report/log.txt', () => now),
    pass: (seconds: number) => (now += seconds),
    printed: () => printed,
    log: () => readFileSync(file, 'utf8'),
  };
}

describe('steps in a pipe', () => {
  it('are a line each, with their seconds', async () => {
    const { steps: run, pass, printed } = steps(false);
    await run.run('build the lab', async () => pass(3.4));
    await run.run(
      'plan',
      () => Promise.resolve(4),
      (count) => `plan: ${count} to add`,
    );
    expect(printed()).toBe(`✓ build the lab${' '.repeat(62)}3 s\n✓ plan: 4 to add${' '.repeat(61)}0 s\n`);
  });

  it('say why one failed and where the log is', async () => {
    const { steps: run, printed, log } = steps(false);
    const failed = run.run('apply', () => Promise.reject(new Error('terraform ended with 1:\n\nedge1 is silent')));
    await expect(failed).rejects.toThrow(StepFailed);
    expect(printed().split('\n').slice(1)).toEqual([
      '  terraform ended with 1:',
      '  edge1 is silent',
      '  The whole log: lab-report/log.txt',
      '',
    ]);
    expect(printed()).toMatch(/^✗ apply +0 s\n/);
    expect(log()).toContain('edge1 is silent');
  });

  it('of which one was given up say nothing more', async () => {
    const { steps: run, printed } = steps(false);
    let end: () => void = () => undefined;
    const building = run.run('build', () => new Promise<void>((resolve) => (end = resolve)));
    run.abandon();
    end();
    await building;
    expect(printed()).toBe('');
  });
});

describe('steps on a terminal', () => {
  it('have a spinner that their line replaces, cut to the width', async () => {
    const { steps: run, printed } = steps(true);
    await run.run(
      'long '.repeat(30).trim(),
      () => Promise.resolve(),
      () => 'done',
    );
    const [drawn = '', ...lines] = printed()
      .split('\r\x1b[2K')
      .filter((part) => part !== '');
    const words = stripVTControlCharacters(drawn);
    expect(words).toMatch(/^⠙ (long )+long…$|^⠙ (long )+lo?n?…$/);
    expect(words.length).toBeLessThan(80);
    expect(stripVTControlCharacters(lines.join(''))).toMatch(/✓ done +0 s\n$/);
  });

  it('print nothing after an interruption but its own line', async () => {
    const { screen, printed } = steps(true);
    screen.mute();
    screen.line('✗ apply');
    screen.raw('output');
    screen.last('Interrupted.');
    expect(printed()).toBe('\r\x1b[2KInterrupted.\n');
  });
});

test('a long line of a step goes on below, and the seconds stay at the edge', () => {
  const [first = '', second] = stepLine('✓', `${'word '.repeat(20)}end`, 61.6).split('\n');
  expect(first).toBe(`✓ ${'word '.repeat(14)}    62 s`);
  expect(first).toHaveLength(80);
  expect(second).toBe('  word word word word word word end');
});

test('a reason is the end of what was said, each line once', () => {
  const said = ['argv ended with 1:', 'Fetched a', 'Fetched b', 'E: no network', 'E: no network', 'gave up'];
  expect(reasonLines(new Error(said.join('\n')))).toEqual([
    '  Fetched a',
    '  Fetched b',
    '  E: no network',
    '  gave up',
  ]);
  expect(reasonLines('x'.repeat(500))).toHaveLength(3);
});

test('the log has a heading wherever another step goes on', () => {
  const file = join(folder, 'log.txt');
  const also: string[] = [];
  const log = new Log(file, (text) => also.push(text));
  log.lines('a', 'one');
  log.output('b')('two\nhal');
  log.lines('b', 'three');
  log.lines('a', 'four\n');
  expect(readFileSync(file, 'utf8')).toBe('\n== a\none\n\n== b\ntwo\nthree\n\n== a\nfour\n');
  expect(also.join('')).toBe(readFileSync(file, 'utf8'));
});

test('the progress of mmdebstrap is its phase, and packages where they are counted', () => {
  const progress = new MmdebstrapProgress();
  expect(progress.after('I: automatically chosen mode: root\n')).toBe('starting');
  expect(progress.after('I: downloading packages with apt...\n0 upgraded, 2 newly ins')).toBe(
    'downloading packages with apt',
  );
  progress.after('talled, 0 to remove and 0 not upgraded.\nI: installing essential packages...\n');
  expect(progress.after('Setting up libc6:amd64 (2.36) ...\nSetting up')).toBe('installing essential packages, 1 of 2');
  progress.after(' perl (5.36) ...\nI: installing remaining packages inside the chroot...\n');
  expect(progress.after('0 upgraded, 125 newly installed, 0 to remove.\n')).toBe(
    'installing remaining packages, 0 of 125',
  );
});
