// Rolls a release back, and starts firewalld again, in tests of a firewalld that is stopped while a release is armed.

import { Sent } from '../stream';
import { onFirewalld } from './host';

export const TRIAL = ['upload', 'check', 'arm'] as const;

type Host = Parameters<Parameters<typeof onFirewalld>[1]>[0];

/** Rolls a release back. Returns the last line that the agent answers. */
export const rollBack = ({ program }: Host, release: Sent): string =>
  program(`rollback ${release.identity}`).split('\n').at(-1)!;

/** Starts firewalld as systemd does. */
export function startAgain({ start, systemd }: Host): void {
  start();
  systemd('ExecStartPost');
}
