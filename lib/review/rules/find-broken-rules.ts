// Finds the packets that break a team's review rules after a change, and changes of too many devices. Each is an
// objection.

import { Disposition } from '../../reachability/reachability';
import { describeService } from '../../reachability/reachability-list';
import { ReachabilityRow, toRows } from '../../reachability/reachability-rows';
import { printLocation } from '../../lint/owner-findings';
import { LintSubject } from '../../lint/lint-subject';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Change, Objection } from '../review';
import { ReviewRules } from '../rules';
import { toRulePackets } from './rule-packets';
import {
  ReachableFromOutside,
  TO_PRIVATE,
  listReachableFromOutside,
  computeReachablePackets,
} from './reachable-from-outside';
import { describeDestinations, isFromAnywhere, describeSources } from './describe-packets';

/** The facts about a change besides the reachability after it. */
export interface ChangeFacts {
  readonly changes: readonly Change[];
  readonly devicesChanged: number;
  /** The day of the review, `2027-01-31`. */
  readonly today: string;
  /**
   * The reachability before the change: one subject for each state that the devices may be in. A violation stood before
   * only where each of them has it. An empty list: these are first releases. Undefined: it isn't known, and a violation
   * gets a time only where `changes` leaves no doubt.
   */
  readonly before?: readonly LintSubject[];
}

type ViolationTime = 'opens' | 'stood' | 'not known';

const TIME_SENTENCES: Readonly<Record<ViolationTime, string>> = {
  opens: ' This change opens it.',
  stood: ' It stood open before this change already.',
  'not known': '',
};

/** The number of rows of one rule at one place that are listed. The others are counted. */
const MAX_LISTED_ROWS = 50;

/**
 * Returns an objection for each packet set that breaks the review rules after the change. Unknown counts as reachable.
 * Each packet is reported once, by the strictest rule.
 */
export const enforceRules = (rules: ReviewRules, subject: LintSubject, change: ChangeFacts): readonly Objection[] => [
  ...findBrokenRules(rules, subject, change),
  ...checkDeviceCount(rules, change.devicesChanged),
];

/** Returns the same without the check of how many devices one change may touch: for some of the change's devices. */
export function findBrokenRules(
  rules: ReviewRules,
  subject: LintSubject,
  change: Omit<ChangeFacts, 'devicesChanged'>,
): readonly Objection[] {
  const packets = toRulePackets(rules);
  const openBefore = computeOpenBefore(change);
  const objections = listReachableFromOutside(subject).flatMap((reachable) => {
    const reportedPackets: PacketSet[] = [];
    const reportViolations = (
      code: string,
      rule: string,
      violations: PacketMap<Disposition>,
      instead: string,
    ): readonly Objection[] => {
      const unreportedViolations = reportedPackets.reduce(
        (remainingViolations, reportedSet) => remainingViolations.subtract(reportedSet),
        violations,
      );
      reportedPackets.push(violations.domain);
      return createObjections(code, rule, { ...reachable, dispositions: unreportedViolations }, openBefore, instead);
    };
    const { dispositions } = reachable;
    return [
      ...packets.forbidden.flatMap(({ rule, packets: violations }) =>
        reportViolations('rules/forbidden', rule, dispositions.intersect(violations), FORBIDDEN_HINT),
      ),
      ...packets.admin.flatMap(({ rule, packets: violations }) =>
        reportViolations('rules/admin-source', rule, dispositions.intersect(violations), ADMIN_HINT),
      ),
      ...(packets.allowed && packets.allowedInside
        ? reportViolations(
            'rules/not-allowed',
            'allowed: no entry has it',
            dispositions
              .subtract(TO_PRIVATE)
              .subtract(packets.allowed)
              .unite(dispositions.intersect(TO_PRIVATE).subtract(packets.allowedInside)),
            ALLOWED_HINT,
          )
        : []),
    ];
  });
  // Several start locations that differ in the exit interface give the same objection.
  const distinctObjections = new Map(objections.map((remark) => [JSON.stringify(remark), remark]));
  return [...distinctObjections.values()];
}

const FORBIDDEN_HINT =
  'close it in the stack, or take it from "forbidden": the review shows a change of the rules as such.';
const ADMIN_HINT =
  'give it a "from" with those sources in the stack, or add the sources to "admin": the review shows a change of the rules as such.';
const ALLOWED_HINT = 'close it in the stack, or add it to "allowed": the review shows a change of the rules as such.';
/** A service that is open to listed sources is mostly for administrators. */
const ALLOWED_SOURCES_HINT =
  'close it in the stack, or add it with these sources to "admin", or to "allowed": the review shows a change of the rules as such.';

/** Returns the packets that were open in every state before. Undefined: not known. */
function computeOpenBefore({ before, changes }: Pick<ChangeFacts, 'before' | 'changes'>): PacketSet | undefined {
  if (before)
    return (
      before
        .map(computeReachablePackets)
        .reduce<PacketSet | undefined>(
          (openPackets, reachablePackets) => openPackets?.intersect(reachablePackets) ?? reachablePackets,
          undefined,
        ) ?? PacketMap.NONE
    );
  return changes.some(({ kind, fromInternet }) => fromInternet && kind !== 'closed' && kind !== 'identity')
    ? undefined
    : PacketMap.ALL;
}

function createObjections(
  code: string,
  rule: string,
  { owner, startText, scope, dispositions }: ReachableFromOutside,
  openBefore: PacketSet | undefined,
  instead: string,
): readonly Objection[] {
  if (dispositions.isEmpty) return [];
  const rowValues = dispositions.merge(openBefore ?? PacketMap.NONE, (verdict, isOpenBefore): string | undefined => {
    if (!verdict) return undefined;
    const time: ViolationTime = openBefore === undefined ? 'not known' : isOpenBefore ? 'stood' : 'opens';
    return `${time}|${verdict.is === 'allowed' ? '' : verdict.reason}`;
  });
  const rows = toRows(rowValues);
  const listedObjections = rows.slice(0, MAX_LISTED_ROWS).map((row): Objection => {
    const [time = 'not known', ...reasonParts] = row.value.split('|') as [ViolationTime, ...string[]];
    const unknownReason = reasonParts.join('|');
    const scopeWords = scope === 'one device' ? 'by the word of this device alone' : 'end to end';
    const statusWords =
      unknownReason === ''
        ? `is reachable, ${scopeWords}`
        : `may be reachable (${unknownReason}), which counts as reachable`;
    const subject = `${startText}: ${printBrokenRow(row)}`;
    return {
      code,
      where: printLocation(owner, row.destinations),
      subject,
      instead: instead === ALLOWED_HINT && !isFromAnywhere(row) ? ALLOWED_SOURCES_HINT : instead,
      what: `${subject} ${statusWords}, and the review rules say otherwise (${rule}).${TIME_SENTENCES[time]}`,
      ...(time === 'not known' ? {} : { existedBefore: time === 'stood' }),
    };
  });
  const unlistedCount = rows.length - listedObjections.length;
  return unlistedCount === 0
    ? listedObjections
    : [
        ...listedObjections,
        {
          code,
          where: owner.name,
          subject: startText,
          what: `${startText}: ${unlistedCount} more rows break the same rule (${rule}).`,
          instead,
        },
      ];
}

const printBrokenRow = (row: ReachabilityRow<unknown>): string =>
  `${describeDestinations(row)} ${describeService(row)} from ${describeSources(row)}`;

export function checkDeviceCount({ mostDevices }: ReviewRules, changedCount: number): readonly Objection[] {
  if (mostDevices === undefined || changedCount <= mostDevices) return [];
  return [
    {
      code: 'rules/too-many-devices',
      where: 'this change',
      what: `It touches ${changedCount} devices; the review rules let one change touch ${mostDevices} (mostDevices).`,
      instead: 'several changes one after another, each with a look at what the one before it did.',
    },
  ];
}
