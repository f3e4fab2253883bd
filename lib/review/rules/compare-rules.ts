// Compares a team's review rules before and after a change of their file, by packets, and returns the differences in
// words: `also allows tcp 443 on ...`.

import { PacketMap, PacketSet } from '../../net/packet-map';
import { Acknowledgement, ReviewRules } from '../rules';
import { toAdminViolations, toAllowedPackets, toServicePackets } from './rule-packets';
import { describePackets } from './describe-packets';

/** The number of rows of one difference that are printed. The others are counted. */
const MAX_PRINTED_ROWS = 20;

/**
 * Returns the changes of the review rules in words, starting with what they newly allow. The comparison is by packets:
 * rules that mean the same are no change. The list is empty where there are no rules before and after.
 */
export function compareRules(before: ReviewRules | undefined, after: ReviewRules | undefined): readonly string[] {
  if (!before && !after) return [];
  if (!after) return ['there are no review rules any more: nothing of them is enforced'];
  if (!before) return ['the review rules are new: until now none were enforced'];
  return [
    ...compareAllowed(before, after),
    ...compareAdmin(before, after),
    ...compareForbidden(before, after),
    ...compareAcknowledged(before.acknowledged ?? [], after.acknowledged ?? []),
    ...compareMostDevices(before.mostDevices, after.mostDevices),
  ];
}

function printRows(packets: PacketSet, createSentence: (row: string) => string): readonly string[] {
  const rows = describePackets(packets);
  const unprintedCount = rows.length - MAX_PRINTED_ROWS;
  return [
    ...rows.slice(0, MAX_PRINTED_ROWS).map(createSentence),
    ...(unprintedCount > 0 ? [createSentence(`${unprintedCount} more kinds of packets`)] : []),
  ];
}

function compareAllowed({ allowed: before }: ReviewRules, { allowed: after }: ReviewRules): readonly string[] {
  if (before && !after) return ['allows everything that is not forbidden: "allowed" is gone'];
  if (!after) return [];
  const allowedAfter = toAllowedPackets(after);
  if (!before) return printRows(allowedAfter, (row) => `allows nothing any more but what is listed: ${row}`);
  const allowedBefore = toAllowedPackets(before);
  return [
    ...printRows(allowedAfter.subtract(allowedBefore), (row) => `also allows ${row}`),
    ...printRows(allowedBefore.subtract(allowedAfter), (row) => `does not allow ${row} any more`),
  ];
}

function compareAdmin({ admin: before = [] }: ReviewRules, { admin: after = [] }: ReviewRules): readonly string[] {
  const mergeViolations = (entries: typeof before): PacketSet =>
    PacketMap.mergeFirst(entries.map(({ services, from }) => toAdminViolations(services, from)));
  const [violationsBefore, violationsAfter] = [mergeViolations(before), mergeViolations(after)];
  return [
    ...printRows(
      violationsBefore.subtract(violationsAfter),
      (row) => `does not keep ${row} for administrators any more`,
    ),
    ...printRows(violationsAfter.subtract(violationsBefore), (row) => `keeps ${row} for administrators`),
  ];
}

function compareForbidden(
  { forbidden: before = [] }: ReviewRules,
  { forbidden: after = [] }: ReviewRules,
): readonly string[] {
  const [forbiddenBefore, forbiddenAfter] = [toServicePackets(before), toServicePackets(after)];
  const describeDifference = (
    names: readonly string[],
    earlierPackets: PacketSet,
    createSentence: (name: string) => string,
  ): readonly string[] =>
    names.flatMap((name) => {
      const servicePackets = toServicePackets([name]);
      const newPackets = servicePackets.subtract(earlierPackets);
      return newPackets.isEmpty
        ? []
        : [
            createSentence(
              newPackets.equals(servicePackets)
                ? name
                : `${name} in part (${describePackets(newPackets).map(removeAnyAddress).join('; ')})`,
            ),
          ];
    });
  return [
    ...describeDifference(before, forbiddenAfter, (name) => `${name} is not forbidden any more`),
    ...describeDifference(after, forbiddenBefore, (name) => `forbids ${name}`),
  ];
}

/** Returns the service alone of a row that is about every address. */
const removeAnyAddress = (row: string): string => row.replace(/ on any address from anywhere$/, '');

function compareAcknowledged(before: readonly Acknowledgement[], after: readonly Acknowledgement[]): readonly string[] {
  const isSameFinding = (a: Acknowledgement, b: Acknowledgement): boolean => a.code === b.code && a.where === b.where;
  const printFinding = ({ code, where }: Acknowledgement): string =>
    where === undefined ? code : `${code} at "${where}"`;
  return [
    ...after.flatMap((acknowledgement) => {
      const formerAcknowledgement = before.find((otherAcknowledgement) =>
        isSameFinding(acknowledgement, otherAcknowledgement),
      );
      if (!formerAcknowledgement)
        return [
          `acknowledges ${printFinding(acknowledgement)} until ${acknowledgement.expires}: ${acknowledgement.reason}`,
        ];
      if (formerAcknowledgement.expires !== acknowledgement.expires)
        return [
          `acknowledges ${printFinding(acknowledgement)} until ${acknowledgement.expires} instead of ${formerAcknowledgement.expires}: ${acknowledgement.reason}`,
        ];
      return formerAcknowledgement.reason === acknowledgement.reason
        ? []
        : [`acknowledges ${printFinding(acknowledgement)} for another reason: ${acknowledgement.reason}`];
    }),
    ...before
      .filter(
        (acknowledgement) =>
          !after.some((otherAcknowledgement) => isSameFinding(acknowledgement, otherAcknowledgement)),
      )
      .map((acknowledgement) => `does not acknowledge ${printFinding(acknowledgement)} any more`),
  ];
}

function compareMostDevices(before: number | undefined, after: number | undefined): readonly string[] {
  if (before === after) return [];
  if (after === undefined) return ['lets one change touch any number of devices'];
  return [`lets one change touch ${after} devices${before === undefined ? ' at most' : ` instead of ${before}`}`];
}
