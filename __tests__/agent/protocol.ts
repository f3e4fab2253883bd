// Tests of the protocol that both agents have to pass: the one for Linux and the one for pfSense give the same
// answers.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseResult } from '../../driver/agent-answer';
import { TestDevice, canHaveDevice } from './machine';
import * as linux from './stream';
import { TestBox, canHaveBox } from '../platforms/pfsense/machine';
import * as pfsense from '../platforms/pfsense/steps';
import { describeWhere } from '../where-possible';

// Two agents, one protocol: both give the same answers, step by step.

interface Machine {
  program(words: string, input?: string): string;
  /** A release that opens this port. */
  release(port: number, lease: string): { readonly identity: string; readonly upload: string; readonly file: string };
  /** The ports of the release that runs. */
  ports(): readonly string[];
  /** Simulates a power loss: only programs that start at the boot run. */
  boots(): string;
  fresh(): void;
  stop(): void;
}

const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, port]) => port!);

async function onLinux(folder: string): Promise<Machine> {
  const device = await TestDevice.start(folder);
  const gone = 'nft flush ruleset; rm -rf /run/cpanel-edge/*';
  return {
    program: (words, input) => device.program(words, input),
    release: (port, lease) => linux.sent({ text: linux.tableText(port) }, lease),
    ports: () => found(device.run('nft list ruleset'), /tcp dport (\d+) drop/g),
    boots() {
      device.run(gone);
      return device.program('boot');
    },
    fresh: () => void device.run(`${gone}; rm -rf /etc/cpanel-edge/*`),
    stop: () => device.stop(),
  };
}

async function onPfSense(folder: string): Promise<Machine> {
  const box = await TestBox.start(folder);
  return {
    program: (words, input) => box.program(words, input),
    release: (port, lease) => pfsense.sent([{ ...pfsense.MAIL, port: `${port}` }], {}, {}, lease),
    ports: () => found(box.read('/var/pf/rules'), /to 10\.0\.1\.50 port = (\d+)/g),
    boots() {
      box.remove('/var/run/cpanel-edge');
      return box.program('boot');
    },
    fresh: () => box.fresh(),
    stop: () => box.stop(),
  };
}

/**
 * By name: commands in turn, each with the answer, the state, and the open port afterwards. A and B are releases, A2 is
 * A again.
 */
const WAYS: Readonly<Record<string, string>> = {
  'a delivery, and the same release again': `
    upload A    ok uploaded      offered    -
    check A     ok checked       checked    -
    arm A       ok armed         armed      A
    confirm A   ok confirmed     confirmed  A
    confirm A   ok confirmed     confirmed  A
    upload A2   ok running       confirmed  A`,
  'a rollback in place of a confirm': `
    upload A    ok uploaded      offered    -
    check A     ok checked       checked    -
    arm A       ok armed         armed      A
    rollback A  ok rolled-back   nothing    -
    rollback A  ok rolled-back   nothing    -
    confirm A   refused not-armed nothing   -`,
  'the timer in place of a confirm': `
    deliver A   ok confirmed     confirmed  A
    upload B    ok uploaded      offered    A
    check B     ok checked       checked    A
    arm B       ok armed         armed      B
    undo B      ok rolled-back   confirmed  A
    confirm B   refused not-armed confirmed A`,
  'a boot at each step': `
    deliver A   ok confirmed     confirmed  A
    upload B    ok uploaded      offered    A
    boot        ok loaded        confirmed  A
    upload B    ok uploaded      offered    A
    check B     ok checked       checked    A
    boot        ok loaded        confirmed  A
    upload B    ok uploaded      offered    A
    check B     ok checked       checked    A
    arm B       ok armed         armed      B
    boot        ok loaded        confirmed  A`,
  'another delivery while a release is armed': `
    upload A    ok uploaded      offered    -
    check A     ok checked       checked    -
    arm A       ok armed         armed      A
    upload B    refused busy     armed      A
    check B     refused not-the-holder armed A
    confirm B   refused not-armed armed     A
    forget      refused busy     armed      A
    confirm A   ok confirmed     confirmed  A`,
  'skipped steps': `
    check A     refused not-the-holder nothing -
    arm A       refused not-the-holder nothing -
    confirm A   refused not-armed nothing   -
    upload A    ok uploaded      offered    -
    arm A       refused not-checked offered -`,
  'another owner token': `
    deliver A   ok confirmed     confirmed  A
    upload X    ok uploaded      offered    A
    check X     refused foreign-lease confirmed A
    retractX    refused foreign-lease confirmed A
    forgetX     refused foreign-lease confirmed A`,
  'a removal': `
    deliver A   ok confirmed     confirmed  A
    retract     ok retracted     nothing    -
    retract     ok retracted     nothing    -
    deliver B   ok confirmed     confirmed  B`,
  'a forgotten owner token': `
    deliver A   ok confirmed     confirmed  A
    forget      ok forgotten     kept       A
    forget      ok forgotten     kept       A
    boot        ok loaded        kept       A
    upload X    ok uploaded      offered    A
    check X     ok checked       checked    A`,
  'wrong input': `
    cut A       refused upload-damaged nothing -
    nonsense    refused unknown-command nothing -
    upload      refused wrong-argument nothing -`,
};

/** The sequences with these names, and the others. */
export const QUICK = ['the timer in place of a confirm', 'wrong input'];
export const REST = Object.keys(WAYS).filter((name) => !QUICK.includes(name));

/** Tests that each kind of device answers these sequences as the table states. */
export const answers = (names: readonly string[]): void =>
  describe.each<readonly [string, boolean, string, (folder: string) => Promise<Machine>]>([
    ['Linux', canHaveDevice, 'root on Linux', onLinux],
    ['pfSense', canHaveBox, 'root on Linux, and php-cli with php-xml', onPfSense],
  ])('the agent’s answers on %s', (system, possible, needs, start) => {
    describeWhere(
      possible,
      `the protocol on ${system}`,
      needs,
    )('answers', () => {
      const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
      let machine: Machine;
      beforeAll(async () => void (machine = await start(folder)), 120_000);
      beforeEach(() => machine.fresh());
      afterAll(() => {
        machine.stop();
        rmSync(folder, { recursive: true, force: true });
      });

      const answered = (output: string): string => {
        const result = parseResult(output.split('\n').at(-1) ?? '');
        return result ? `${result.is} ${result.word}` : output;
      };
      const state = (): string => / state=([a-z]+)/.exec(machine.program('status'))?.[1] ?? 'nothing';

      it.each(names)(
        '%s',
        (name) => {
          const way = WAYS[name]!;
          const PORTS: Readonly<Record<string, number>> = { A: 1001, B: 1002 };
          const releases = new Map<string, ReturnType<Machine['release']>>();
          const release = (called = ''): ReturnType<Machine['release']> => {
            if (!releases.has(called))
              releases.set(called, machine.release(PORTS[called[0]!] ?? 1003, called === 'X' ? 'lease-2' : 'lease-1'));
            return releases.get(called)!;
          };
          const does = (step: string, called?: string): string => {
            const one = release(called);
            switch (step) {
              case 'upload':
                if (called === undefined) return machine.program('upload gateway');
                return machine.program(one.upload, one.file);
              case 'cut':
                return machine.program(one.upload, one.file.slice(0, -20));
              case 'deliver':
                return ['upload', 'check', 'arm', 'confirm'].map((part) => does(part, called)).at(-1)!;
              case 'boot':
                releases.clear();
                return machine.boots();
              case 'retract':
              case 'retractX':
                return machine.program(
                  `retract gateway web ${step === 'retract' ? 'lease-1' : 'lease-2'} ${linux.freshToken()}`,
                );
              case 'forget':
              case 'forgetX':
                return machine.program(`forget gateway web ${step === 'forget' ? 'lease-1' : 'lease-2'}`);
              case 'nonsense':
                return machine.program('nonsense');
              default:
                return machine.program(`${step} ${one.identity}${step === 'arm' ? ' 300' : ''}`);
            }
          };
          const lines = way
            .trim()
            .split('\n')
            .map((line) => line.trim().split(/\s+/));
          const said = lines.map((words) => {
            const [step, called] = words.length === 5 ? [words[0]!, undefined] : [words[0]!, words[1]];
            const answer = answered(does(step, called));
            return [
              step,
              ...(called ? [called] : []),
              ...answer.split(' '),
              state(),
              machine
                .ports()
                .map((port) => (port === '1001' ? 'A' : 'B'))
                .join() || '-',
            ].join(' ');
          });
          expect(said).toEqual(lines.map((words) => words.join(' ')));
        },
        120_000,
      );
    });
  });
