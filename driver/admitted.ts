import { setTimeout as sleep } from 'node:timers/promises';
import { Answer } from './answer';
import { Patience } from './patience';
import { RunOptions } from './ssh-child';

/** Seconds that a sshd is asked again which hears nobody. It punishes an address for 15 and more at once (PerSourcePenalties). */
export const LONGEST_AWAY = 30;

const TURNED_AWAY = /^(?:kex|ssh)_exchange_identification: /;

/** By a sshd, before it had heard a word: it says no more than that it closes. */
export const isTurnedAway = ({ status, said }: Answer): boolean =>
  status === 255 && said.length > 0 && said.every((line) => TURNED_AWAY.test(line));

/** A sshd to which many have come who haven't said yet who they are (MaxStartups), or that punishes an address, turns away whoever comes. */
export async function admitted(
  ask: () => Promise<Answer>,
  { stop }: RunOptions,
  wait: (seconds: number) => Promise<void> = (seconds) => sleep(seconds * 1000),
): Promise<Answer> {
  const patience = new Patience();
  for (;;) {
    const answer = await ask();
    if (!isTurnedAway(answer) || patience.over(LONGEST_AWAY) || stop?.aborted) return answer;
    await patience.pause({ wait });
  }
}
