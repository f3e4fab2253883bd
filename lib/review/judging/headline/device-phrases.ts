import { printAddress } from '../../../net/address';
import { groupBy } from '../../../net/group-by';
import { PlannedOwner } from '../../plan';
import { Remark } from '../../review';
import { DEFAULT_ROUTE_CODE } from '../default-route';
import { describePlatformMove } from '../device-review';
import { PlanOwner } from '../plan-owners';
import { JudgedOwner, ReviewState } from '../review-state';

/** What is said of a device before what changes for others. */
export interface DevicePhrase {
  /** `web1/hosting is retired`. */
  readonly one: string;
  /** Behind how many, of more than two: `releases are retired`. */
  readonly several: string;
}

const PLANNED_PHRASES: readonly (readonly [(planned: PlannedOwner) => boolean, one: string, several: string])[] = [
  [({ action }) => action === 'stays open', 'stays open', 'stay open'],
  [({ action }) => action === 'retired', 'is retired', 'are retired'],
  [({ reachedBefore }) => reachedBefore !== undefined, 'is reached elsewhere', 'are reached elsewhere'],
  [
    ({ action, reachedBefore, settings }) =>
      action !== 'first' && reachedBefore === undefined && settings !== undefined,
    'has other delivery settings',
    'have other delivery settings',
  ],
];

/** What a plan does with its owners. What opens where nothing was is another thing than what opens besides. */
export const describePlanned = (owners: readonly Pick<PlanOwner, 'name' | 'planned'>[]): readonly DevicePhrase[] => [
  ...PLANNED_PHRASES.flatMap(([applies, singular, plural]) =>
    owners.flatMap(({ name, planned }) =>
      applies(planned) ? [{ one: `${name} ${singular}`, several: `releases ${plural}` }] : [],
    ),
  ),
  ...owners.flatMap(({ name, planned: { action } }) =>
    action === 'first' ? [{ one: `${FIRST_RELEASE}${name}`, several: 'first releases' }] : [],
  ),
];

const FIRST_RELEASE = 'first release of ';

/** What becomes of devices that were judged together. */
export const describeJudged = (
  judgedOwners: readonly JudgedOwner[],
  notes: readonly Remark[],
): readonly DevicePhrase[] => [
  ...judgedOwners.flatMap((judgedOwner) => {
    const move = describePlatformMove(judgedOwner);
    return move === undefined ? [] : [{ one: `${judgedOwner.name} moves ${move}`, several: `releases move ${move}` }];
  }),
  ...judgedOwners.flatMap((judgedOwner) => {
    const words = describeAddressChange(judgedOwner);
    return words === ''
      ? []
      : [{ one: `${judgedOwner.name} ${words}`, several: 'releases have other addresses of their own' }];
  }),
  ...notes.flatMap(({ code, where: name }) =>
    code === DEFAULT_ROUTE_CODE
      ? [{ one: `${name} needs another default route`, several: 'releases need other default routes' }]
      : [],
  ),
];

/**
 * Where a gateway stands is a fact that its rules rest on; what becomes of packets to itself tells a reader less. A server may keep what its stack no
 * longer names, and what it lets in there.
 */
function describeAddressChange({ planned, before, after }: JudgedOwner): string {
  const [stateBefore] = before;
  if (!stateBefore?.meant || !after.meant) return '';
  const [addressesBefore, addressesAfter] = [listInterfaceAddresses(stateBefore), listInterfaceAddresses(after)];
  const [removedWords, addedWords] = [
    addressesBefore.filter((entry) => !addressesAfter.includes(entry)),
    addressesAfter.filter((entry) => !addressesBefore.includes(entry)),
  ].map((entry) => entry.join(', '));
  if (planned.role === 'server')
    return removedWords === ''
      ? ''
      : addedWords === ''
        ? `no longer names ${removedWords}`
        : `names ${addedWords} in place of ${removedWords}`;
  if (removedWords === '') return addedWords === '' ? '' : `also has ${addedWords}`;
  return addedWords === '' ? `no longer has ${removedWords}` : `has ${addedWords} in place of ${removedWords}`;
}

const listInterfaceAddresses = ({ device }: ReviewState): readonly string[] =>
  device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => printAddress(address)));

/** Two of a kind are named. */
export const joinPhrases = (phrases: readonly DevicePhrase[]): readonly string[] =>
  [...groupBy(phrases, ({ several: plural }) => plural)].map(([plural, samePhrases]) =>
    samePhrases.length > 2
      ? `${samePhrases.length} ${plural}`
      : samePhrases
          .map(({ one: singular }) => singular)
          .join(', ')
          .replace(`, ${FIRST_RELEASE}`, ' and '),
  );
