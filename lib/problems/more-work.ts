import { Refusal } from './problem';

/** What to do about a text that takes more work than a stranger's may, in the words of a Problem's `instead`. */
export const MORE_WORK = 'Where the text is your own, CPANEL_EDGE_WORK=10 spends ten times as much time and memory on it.';

/** Of what is compared with each other, each of which was read. */
export function tooMuchToCompare(code: string, where: string): never {
  throw new Refusal([
    {
      code,
      where,
      what: 'to compare all packets that its rules tell apart takes more work than is spent on one answer.',
      instead: `rules that share their sets of addresses and ports. ${MORE_WORK}`,
    },
  ]);
}
