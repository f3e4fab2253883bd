// Lists the changed delivery settings of an owner that no packet shows (connection, health checks, other firewalls),
// and objects to those that take a protection away.

import { printOwnerLocation } from '../owner-locations';
import { PlannedOwner } from '../plan';
import { FieldChange, printFieldChange } from '../plan/delivery-fields';
import { Remark } from '../review';
import { printCpnatLines } from '../../policy/cpnat-pairs';
import { Policy } from '../../policy/policy';
import { JudgedOwner, ReviewState } from './review-state';

/**
 * Returns the delivery settings that change: those that no policy decides, and the policy's other firewalls and cPanel
 * NAT lines.
 */
export const listSettings = (judgedOwner: JudgedOwner): readonly FieldChange[] =>
  isLeaving(judgedOwner.plannedOwner)
    ? []
    : [...(judgedOwner.plannedOwner.settings ?? []), ...comparePolicySettings(judgedOwner)];

const isLeaving = ({ action }: PlannedOwner): boolean =>
  action === 'retired' || action === 'released' || action === 'stays open';

/**
 * Returns `connection.port (port of SSH): 22 → 2222`. For a first release, the value alone, where there is one.
 */
export function printSettings(judgedOwner: JudgedOwner): readonly string[] {
  const changes = listSettings(judgedOwner);
  if (!isFirstDelivery(judgedOwner.plannedOwner)) return changes.map(printFieldChange);
  const hasHealthChecks = changes.length === 0 || changes.some(({ name }) => name === 'witnesses');
  return [
    ...changes.map(({ name, description, after }) => `${name} (${description}): ${after}`),
    ...(hasHealthChecks ? [] : ['witnesses (health checks): none']),
  ];
}

const isFirstDelivery = ({ action, settings = [] }: PlannedOwner): boolean =>
  action === 'first' || settings.some(({ name, before }) => name === 'connection.host' && before === 'none');

const POLICY_SETTINGS: readonly (readonly [name: string, words: string, of: (policy: Policy) => readonly string[]])[] =
  [
    [
      'replaces',
      'other firewalls that the device stops and disables',
      (policy) => (policy.kind === 'server' ? (policy.replaces ?? []) : []),
    ],
    [
      'cpnat',
      'lines for /var/cpanel/cpnat and cPanel',
      (policy) => (policy.kind === 'server' && policy.cpnat ? printCpnatLines(policy.cpnat) : []),
    ],
  ];

function comparePolicySettings({ before, after }: JudgedOwner): readonly FieldChange[] {
  return POLICY_SETTINGS.flatMap(([name, description, getValues]): readonly FieldChange[] => {
    const printValue = ({ specified }: ReviewState): string =>
      specified ? getValues(specified.policy).join('; ') || 'none' : 'none';
    const [valueBefore, valueAfter] = [[...new Set(before.map(printValue))].join(', or '), printValue(after)];
    return valueBefore === valueAfter ? [] : [{ name, description, before: valueBefore, after: valueAfter }];
  });
}

/**
 * Returns objections to changes that take a protection away, and to new host keys. The review rules may acknowledge
 * each.
 */
export function checkSettings(judgedOwner: JudgedOwner): readonly Remark[] {
  const { plannedOwner } = judgedOwner;
  const [location, changes] = [printOwnerLocation(plannedOwner), listSettings(judgedOwner)];
  const keyChanges = isFirstDelivery(plannedOwner) ? [] : changes.filter(hasNewKeys);
  const loweredChanges = changes.filter((change) => isProtectionLowered(change, plannedOwner));
  return [
    ...(keyChanges.length === 0
      ? []
      : [createHostKeysObjection(location, keyChanges.map(printFieldChange).join('; '))]),
    ...(loweredChanges.length === 0
      ? []
      : [createProtectionObjection(location, loweredChanges.map(printFieldChange).join('; '))]),
  ];
}

const splitValue = (value: string, separator: string): readonly string[] =>
  value === 'none' ? [] : value.split(separator);
const hasAdded = (after: string, before: string, separator: string): boolean =>
  splitValue(after, separator).some((item) => !splitValue(before, separator).includes(item));

/** A jump host that is new has no former keys that it could have changed. */
const hasNewKeys = ({ name, before, after }: FieldChange): boolean =>
  name.endsWith('.hostKeys') && before !== 'none' && hasAdded(after, before, ', ');

/** The rollback timeout in seconds above which a first release is rolled back late. */
const LATE_SECONDS = 600;

function isProtectionLowered({ name, before, after }: FieldChange, plannedOwner: PlannedOwner): boolean {
  if (name.endsWith('.userConfiguration')) return after === 'true';
  switch (name) {
    case 'rollbackSeconds':
      return Number(after) > (before === 'none' ? LATE_SECONDS : Number(before));
    case 'witnesses':
      return hasAdded(before, after, '; ');
    case 'onRetract':
      return plannedOwner.role === 'server' && after === 'as before';
    case 'replaces':
      return hasAdded(after, before, '; ');
    default:
      return false;
  }
}

const createHostKeysObjection = (where: string, changes: string): Remark => ({
  code: 'review/new-host-keys',
  where,
  what: `The delivery trusts other host keys than before: ${changes}. A machine that was made anew runs nothing of before: what this review says of before is what the former one ran.`,
  instead:
    'the old keys; or, after the new ones were compared with those on the device, an acknowledgement of review/new-host-keys in the review rules.',
});

const createProtectionObjection = (where: string, changes: string): Remark => ({
  code: 'review/less-protected',
  where,
  what: `A protection is lowered: ${changes}.`,
  instead: 'the value of before; or an acknowledgement of review/less-protected in the review rules.',
});
