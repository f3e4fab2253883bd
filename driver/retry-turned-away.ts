// Repeats a question while the device's sshd closes new connections, because too many are open or the address is
// penalized.

import { setTimeout as sleep } from 'node:timers/promises';
import { AgentAnswer } from './agent-answer';
import { RetryTimer } from './retry-timer';
import { RunOptions } from './ssh-child';

/**
 * Seconds of retries with a sshd that closes every connection. It punishes an address for 15 s and more at once
 * (PerSourcePenalties).
 */
export const MAX_RETRY_SECONDS = 30;

const TURNED_AWAY_LINE = /^(?:kex|ssh)_exchange_identification: /;

/** Returns whether sshd closed the connection before any login: it prints nothing more than that. */
export const isTurnedAway = ({ status, errorLines }: AgentAnswer): boolean =>
  status === 255 && errorLines.length > 0 && errorLines.every((line) => TURNED_AWAY_LINE.test(line));

/**
 * Repeats a question until sshd admits the connection. A sshd closes each new connection while too many unauthenticated
 * ones are open (MaxStartups), or while it punishes the address.
 */
export async function askUntilAdmitted(
  ask: () => Promise<AgentAnswer>,
  { signal }: RunOptions,
  wait: (seconds: number) => Promise<void> = (seconds) => sleep(seconds * 1000),
): Promise<AgentAnswer> {
  const patience = new RetryTimer();
  for (;;) {
    const answer = await ask();
    if (!isTurnedAway(answer) || patience.isOver(MAX_RETRY_SECONDS) || signal?.aborted) return answer;
    await patience.pause({ wait });
  }
}
