// Runs the agent in a network namespace under a given shell (dash, bash, busybox), for suites that test it under each:
// the steps of a delivery, the device's answers, and what it then runs.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseResult } from '../../driver/agent-answer';
import { describeWhere } from '../where-possible';
import { TestDevice, canHaveDevice } from './machine';
import { DEVICE_SHELLS } from '../tier';
import { Sent, freshToken, sent, tableText } from './stream';

const STEPS = ['upload', 'check', 'arm', 'confirm'] as const;
export type Step = (typeof STEPS)[number] | 'rollback' | 'outcome';

/** /bin/sh of Enterprise Linux in the full tier; the only shell in the quick tier. */
export const EL_SHELL = DEVICE_SHELLS.at(-1)!;

/** The answers of a device to a delivery that succeeds. */
export const CONFIRMED = ['ok uploaded', 'ok checked', 'ok armed', 'ok confirmed'];

/** A gateway's release with one rule, by which a test recognises it. */
export const gateway = (port: number, lease?: string): Sent => sent({ text: tableText(port) }, lease);

/** The result of an answer without its values: `ok uploaded`. The whole answer if it has no result. */
export function wordOf(output: string): string {
  const result = parseResult(output.split('\n').at(-1) ?? '');
  return result ? `${result.is} ${result.word}` : output;
}

/**
 * A device for the tests of this `describe`, with functions that call the agent by hand, under a shell or without one,
 * and read the device's state.
 */
export function underShell(shell = '') {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder)), 120_000);
  afterAll(() => {
    device.stop();
    rmSync(folder, { recursive: true });
  });

  const run = (command: string, input = ''): string => device.run(command, input);
  const program = (words: string, input = ''): string =>
    run(`${shell} /usr/local/sbin/cpanel-edge-device ${words}`, input).trimEnd();
  const word = (words: string, input = ''): string => wordOf(program(words, input));
  const step = (name: Step, one: Sent, seconds = 300): string =>
    name === 'upload'
      ? word(one.upload, one.file)
      : word(`${name} ${one.identity}${name === 'arm' ? ` ${seconds}` : ''}`);
  let told: { readonly after: number; readonly lines: string } | undefined;
  /** The output of `status`, cached while a test reads several values in a row; each command to the device clears it. */
  const status = (): string => {
    if (told?.after !== device.told) {
      const lines = program('status');
      told = { after: device.told, lines };
      queueMicrotask(() => (told = undefined));
    }
    return told.lines;
  };
  return {
    folder,
    shell,
    run,
    program,
    word,
    step,
    device: (): TestDevice => device,
    delivered: (one: Sent, steps: readonly Step[] = STEPS): readonly string[] => steps.map((name) => step(name, one)),
    retract: (role = 'gateway', owner = 'web', lease = 'lease-1'): string =>
      program(`retract ${role} ${owner} ${lease} ${freshToken()}`),
    /** A value of `status`. */
    says: (name: string): string => new RegExp(` ${name}=(\\S+)`).exec(status())?.[1] ?? 'nothing said',
    /** All rules of iptables, without counters and dates. */
    saved: (): string =>
      run('iptables-save; ip6tables-save')
        .replace(/^#.*\n/gm, '')
        .replace(/ \[\d+:\d+\]/g, ''),
    /** The ports of the releases that run. */
    ports: (): readonly string[] =>
      [...run('nft list ruleset').matchAll(/tcp dport (\d+) drop/g)].map(([, port]) => port!),
    /** Ends the wait of the armed release's timer, and waits for the timer's command. */
    timeIsUp: (): void => device.timeIsUp(),
    /** Empties the device as if no agent had ever run on it. */
    fresh: (): void =>
      void run(
        'nft flush ruleset; ip addr flush dev wan0; ip addr add 203.0.113.1/24 dev wan0; rm -rf /etc/cpanel-edge/* /run/cpanel-edge/* /etc/systemd/system/*',
      ),
    /**
     * Before each test of this `describe` the device, and everything below `places`, is as `made` has left it; `made`
     * runs once. A delivery is some hundred processes, a start of another firewall thousands; most tests are about the
     * steps after it.
     */
    beforeEachAs: (made: () => void, places: readonly string[] = []): void => {
      let again: () => void;
      beforeAll(() => {
        made();
        again = device.kept(places);
      });
      beforeEach(() => again());
    },
  };
}

/** Declares tests of a device under each of these shells. */
export function underShells(
  shells: readonly string[],
  called: string,
  tests: (device: ReturnType<typeof underShell>, shell: string) => void,
): void {
  describeWhere(canHaveDevice, called, 'root on Linux').each(shells)(`${called}, under %s`, (shell) =>
    tests(underShell(shell), shell),
  );
}
