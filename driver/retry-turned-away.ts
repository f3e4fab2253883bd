import { setTimeout as sleep } from 'node:timers/promises';
import { AgentAnswer } from './agent-answer';
import { RetryTimer } from './retry-timer';
import { RunOptions } from './ssh-child';

/** Seconds that a sshd is asked again which hears nobody. It punishes an address for 15 and more at once (PerSourcePenalties). */
export const MAX_RETRY_SECONDS = 30;

const TURNED_AWAY_LINE = /^(?:kex|ssh)_exchange_identification: /;

/** By a sshd, before it had heard a word: it says no more than that it closes. */
export const isTurnedAway = ({ status, said }: AgentAnswer): boolean =>
  status === 255 && said.length > 0 && said.every((line) => TURNED_AWAY_LINE.test(line));

/** A sshd to which many have come who haven't said yet who they are (MaxStartups), or that punishes an address, turns away whoever comes. */
export async function askUntilAdmitted(
  ask: () => Promise<AgentAnswer>,
  { stop }: RunOptions,
  wait: (seconds: number) => Promise<void> = (seconds) => sleep(seconds * 1000),
): Promise<AgentAnswer> {
  const patience = new RetryTimer();
  for (;;) {
    const answer = await ask();
    if (!isTurnedAway(answer) || patience.isOver(MAX_RETRY_SECONDS) || stop?.aborted) return answer;
    await patience.pause({ wait });
  }
}
