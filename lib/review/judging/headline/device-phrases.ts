// Creates the headline's phrases on whole devices: first releases, removals, hand-overs, moves to another platform.

import { printAddress } from '../../../net/address';
import { groupBy } from '../../../net/group-by';
import { PlannedOwner } from '../../plan';
import { Remark } from '../../review';
import { DEFAULT_ROUTE_CODE } from '../default-route';
import { describePlatformMove } from '../device-review';
import { PlanOwner } from '../plan-owners';
import { JudgedOwner, ReviewState } from '../review-state';

/** A phrase on a device, before the phrases on reachability. */
export interface DevicePhrase {
  /** The phrase for one owner: `web1/hosting is retired`. */
  readonly single: string;
  /** The words after a count, for more than two owners: `releases are retired`. */
  readonly several: string;
}

const PLANNED_PHRASES: readonly (readonly [(planned: PlannedOwner) => boolean, single: string, several: string])[] = [
  [({ action }) => action === 'stays open', 'stays open', 'stay open'],
  [({ action }) => action === 'retired', 'is retired', 'are retired'],
  [({ previousLogin }) => previousLogin !== undefined, 'is reached elsewhere', 'are reached elsewhere'],
  [
    ({ action, previousLogin, settings }) =>
      action !== 'first' && previousLogin === undefined && settings !== undefined,
    'has other delivery settings',
    'have other delivery settings',
  ],
];

/**
 * Returns phrases on what a plan does with its owners. First releases stand last, because their openings have nothing
 * before them.
 */
export const describePlanned = (
  owners: readonly Pick<PlanOwner, 'name' | 'plannedOwner'>[],
): readonly DevicePhrase[] => [
  ...PLANNED_PHRASES.flatMap(([applies, singular, plural]) =>
    owners.flatMap(({ name, plannedOwner }) =>
      applies(plannedOwner) ? [{ single: `${name} ${singular}`, several: `releases ${plural}` }] : [],
    ),
  ),
  ...owners.flatMap(({ name, plannedOwner: { action } }) =>
    action === 'first' ? [{ single: `${FIRST_RELEASE}${name}`, several: 'first releases' }] : [],
  ),
];

const FIRST_RELEASE = 'first release of ';

/** Returns phrases on devices that were judged together. */
export const describeJudged = (
  judgedOwners: readonly JudgedOwner[],
  notes: readonly Remark[],
): readonly DevicePhrase[] => [
  ...judgedOwners.flatMap((judgedOwner) => {
    const platformMove = describePlatformMove(judgedOwner);
    return platformMove === undefined
      ? []
      : [{ single: `${judgedOwner.name} moves ${platformMove}`, several: `releases move ${platformMove}` }];
  }),
  ...judgedOwners.flatMap((judgedOwner) => {
    const words = describeAddressChange(judgedOwner);
    return words === ''
      ? []
      : [{ single: `${judgedOwner.name} ${words}`, several: 'releases have other addresses of their own' }];
  }),
  ...notes.flatMap(({ code, where: name }) =>
    code === DEFAULT_ROUTE_CODE
      ? [{ single: `${name} needs another default route`, several: 'releases need other default routes' }]
      : [],
  ),
];

/**
 * Returns the change of a device's own addresses. A gateway's rules depend on its address, which tells a reader more
 * than the packets to the gateway itself. A server may keep an address that its stack no longer names, with what it
 * allows there.
 */
function describeAddressChange({ plannedOwner, before, after }: JudgedOwner): string {
  const [stateBefore] = before;
  if (!stateBefore?.specified || !after.specified) return '';
  const [addressesBefore, addressesAfter] = [listInterfaceAddresses(stateBefore), listInterfaceAddresses(after)];
  const [removedWords, addedWords] = [
    addressesBefore.filter((entry) => !addressesAfter.includes(entry)),
    addressesAfter.filter((entry) => !addressesBefore.includes(entry)),
  ].map((entry) => entry.join(', '));
  if (plannedOwner.role === 'server')
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

/** Returns the phrases by kind: up to two owners are named, more are counted. */
export const joinPhrases = (phrases: readonly DevicePhrase[]): readonly string[] =>
  [...groupBy(phrases, ({ several: plural }) => plural)].map(([plural, samePhrases]) =>
    samePhrases.length > 2
      ? `${samePhrases.length} ${plural}`
      : samePhrases
          .map(({ single: singular }) => singular)
          .join(', ')
          .replace(`, ${FIRST_RELEASE}`, ' and '),
  );
