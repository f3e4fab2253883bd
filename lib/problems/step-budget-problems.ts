import { Refusal } from './problem';

/** What to do about a text that takes more work than a stranger's may, in the words of a Problem's `instead`. */
export const RAISE_BUDGET_HINT =
  'Where the text is your own, CPANEL_EDGE_WORK=10 spends ten times as much time and memory on it.';

/** From how many interfaces on they are named as what there is much of. */
const MIN_REPORTED_INTERFACES = 20;

/** Says of a device with many interfaces how many they are: from each of them all packets are looked at. */
export const describeInterfaceCount = (count: number): string =>
  count < MIN_REPORTED_INTERFACES
    ? ''
    : ` The device has ${count} interfaces, and from each of them all packets are looked at.`;

/** Of what is compared with each other, each of which was read. `interfaces`: how many the device has. */
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
