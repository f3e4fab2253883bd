// Texts for people on configs that need more computing steps than the budget allows, with the refusal of such a
// comparison.

import { Refusal } from './problem';

/** The advice for a text that exceeds the step budget of untrusted texts, in the words of a Problem's `instead`. */
export const RAISE_BUDGET_HINT =
  'Where the text is your own, CPANEL_EDGE_WORK=10 spends ten times as much time and memory on it.';

/** The number of interfaces from which they are named as a reason. */
const MIN_REPORTED_INTERFACES = 20;

/** Returns a sentence with the number of interfaces, if there are many: all packets are evaluated from each of them. */
export const describeInterfaceCount = (count: number): string =>
  count < MIN_REPORTED_INTERFACES
    ? ''
    : ` The device has ${count} interfaces, and from each of them all packets are looked at.`;

/**
 * Refuses a comparison of configs that were each evaluated. `interfaces`: the number of interfaces of the device.
 *
 * @throws Refusal always.
 */
export function refuseComparison(code: string, where: string, interfaces = 0): never {
  throw new Refusal([
    {
      code,
      where,
      what: `to compare all packets that its rules tell apart takes more work than is spent on one answer.${describeInterfaceCount(interfaces)}`,
      instead: `rules that share their sets of addresses and ports. ${RAISE_BUDGET_HINT}`,
    },
  ]);
}
