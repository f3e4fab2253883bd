import { ownerPlace } from '../owner-places';
import { PlannedOwner } from '../plan';
import { FieldChange, printChange } from '../plan/fields';
import { Remark } from '../review';
import { cpnatLines } from '../../policy/cpnat';
import { Policy } from '../../policy/policy';
import { Judged, State } from './state';

/** Everything of a delivery beside its rules that changes: what no policy decides, and other firewalls and cPanel's NAT of the policy. */
export const listSettings = (judged: Judged): readonly FieldChange[] =>
  isGoing(judged.planned) ? [] : [...(judged.planned.settings ?? []), ...policySettings(judged)];

const isGoing = ({ action }: PlannedOwner): boolean =>
  action === 'retired' || action === 'released' || action === 'stays open';

/** `connection.port (port of SSH): 22 → 2222`; of a first release the value alone, where there is one. */
export function printSettings(judged: Judged): readonly string[] {
  const changes = listSettings(judged);
  if (!isFirst(judged.planned)) return changes.map(printChange);
  const isChecked = changes.length === 0 || changes.some(({ name }) => name === 'witnesses');
  return [
    ...changes.map(({ name, words, after }) => `${name} (${words}): ${after}`),
    ...(isChecked ? [] : ['witnesses (health checks): none']),
  ];
}

const isFirst = ({ action, settings = [] }: PlannedOwner): boolean =>
  action === 'first' || settings.some(({ name, before }) => name === 'connection.host' && before === 'none');

const IN_POLICY: readonly (readonly [name: string, words: string, of: (policy: Policy) => readonly string[]])[] = [
  [
    'replaces',
    'other firewalls that the device stops and disables',
    (policy) => (policy.kind === 'server' ? (policy.replaces ?? []) : []),
  ],
  [
    'cpnat',
    'lines for /var/cpanel/cpnat and cPanel',
    (policy) => (policy.kind === 'server' && policy.cpnat ? cpnatLines(policy.cpnat) : []),
  ],
];

function policySettings({ before, after }: Judged): readonly FieldChange[] {
  return IN_POLICY.flatMap(([name, words, of]): readonly FieldChange[] => {
    const value = ({ meant }: State): string => (meant ? of(meant.policy).join('; ') || 'none' : 'none');
    const [was, will] = [[...new Set(before.map(value))].join(', or '), value(after)];
    return was === will ? [] : [{ name, words, before: was, after: will }];
  });
}

/** Objections to changes that take a protection away, and to new host keys. The review rules may acknowledge each. */
export function objectToSettings(judged: Judged): readonly Remark[] {
  const { planned } = judged;
  const [where, changes] = [ownerPlace(planned), listSettings(judged)];
  const keys = isFirst(planned) ? [] : changes.filter(hasNewKeys);
  const lowered = changes.filter((change) => isLowered(change, planned));
  return [
    ...(keys.length === 0 ? [] : [newHostKeys(where, keys.map(printChange).join('; '))]),
    ...(lowered.length === 0 ? [] : [lessProtected(where, lowered.map(printChange).join('; '))]),
  ];
}

const listed = (value: string, separator: string): readonly string[] =>
  value === 'none' ? [] : value.split(separator);
const hasMore = (after: string, before: string, separator: string): boolean =>
  listed(after, separator).some((one) => !listed(before, separator).includes(one));

/** A jump host that wasn't there before has no keys that it could have changed. */
const hasNewKeys = ({ name, before, after }: FieldChange): boolean =>
  name.endsWith('.hostKeys') && before !== 'none' && hasMore(after, before, ', ');

/** Seconds above which a first release is undone late. */
const LATE_SECONDS = 600;

function isLowered({ name, before, after }: FieldChange, planned: PlannedOwner): boolean {
  if (name.endsWith('.userConfiguration')) return after === 'true';
  switch (name) {
    case 'rollbackSeconds':
      return Number(after) > (before === 'none' ? LATE_SECONDS : Number(before));
    case 'witnesses':
      return hasMore(before, after, '; ');
    case 'onRetract':
      return planned.role === 'server' && after === 'as before';
    case 'replaces':
      return hasMore(after, before, '; ');
    default:
      return false;
  }
}

const newHostKeys = (where: string, changes: string): Remark => ({
  code: 'review/new-host-keys',
  where,
  what: `The delivery trusts other host keys than before: ${changes}. A machine that was made anew runs nothing of before: what this review says of before is what the former one ran.`,
  instead:
    'the old keys; or, after the new ones were compared with those on the device, an acknowledgement of review/new-host-keys in the review rules.',
});

const lessProtected = (where: string, changes: string): Remark => ({
  code: 'review/less-protected',
  where,
  what: `A protection is lowered: ${changes}.`,
  instead: 'the value of before; or an acknowledgement of review/less-protected in the review rules.',
});
