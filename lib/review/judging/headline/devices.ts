import { printAddress } from '../../../net/address';
import { groupBy } from '../../../net/group-by';
import { PlannedOwner } from '../../plan';
import { Remark } from '../../review';
import { DEFAULT_ROUTE } from '../default-route';
import { platformMove } from '../devices';
import { Owned } from '../ownership';
import { Judged, State } from '../state';

/** What is said of a device before what changes for others. */
export interface Leading {
  /** `web1/hosting is retired`. */
  readonly one: string;
  /** Behind how many, of more than two: `releases are retired`. */
  readonly several: string;
}

const PLANNED: readonly (readonly [(planned: PlannedOwner) => boolean, one: string, several: string])[] = [
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
export const leadingOf = (owned: readonly Pick<Owned, 'name' | 'planned'>[]): readonly Leading[] => [
  ...PLANNED.flatMap(([isOne, one, several]) =>
    owned.flatMap(({ name, planned }) =>
      isOne(planned) ? [{ one: `${name} ${one}`, several: `releases ${several}` }] : [],
    ),
  ),
  ...owned.flatMap(({ name, planned: { action } }) =>
    action === 'first' ? [{ one: `${FIRST}${name}`, several: 'first releases' }] : [],
  ),
];

const FIRST = 'first release of ';

/** What becomes of devices that were judged together. */
export const leadingIn = (all: readonly Judged[], notes: readonly Remark[]): readonly Leading[] => [
  ...all.flatMap((one) => {
    const move = platformMove(one);
    return move === undefined ? [] : [{ one: `${one.name} moves ${move}`, several: `releases move ${move}` }];
  }),
  ...all.flatMap((one) => {
    const words = addressWords(one);
    return words === '' ? [] : [{ one: `${one.name} ${words}`, several: 'releases have other addresses of their own' }];
  }),
  ...notes.flatMap(({ code, where: name }) =>
    code === DEFAULT_ROUTE
      ? [{ one: `${name} needs another default route`, several: 'releases need other default routes' }]
      : [],
  ),
];

/**
 * Where a gateway stands is a fact that its rules rest on; what becomes of packets to itself tells a reader less. A server may keep what its stack no
 * longer names, and what it lets in there.
 */
function addressWords({ planned, before, after }: Judged): string {
  const [was] = before;
  if (!was?.meant || !after.meant) return '';
  const [old, will] = [standsAt(was), standsAt(after)];
  const [gone, come] = [old.filter((one) => !will.includes(one)), will.filter((one) => !old.includes(one))].map((one) =>
    one.join(', '),
  );
  if (planned.role === 'server')
    return gone === '' ? '' : come === '' ? `no longer names ${gone}` : `names ${come} in place of ${gone}`;
  if (gone === '') return come === '' ? '' : `also has ${come}`;
  return come === '' ? `no longer has ${gone}` : `has ${come} in place of ${gone}`;
}

const standsAt = ({ device }: State): readonly string[] =>
  device.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => printAddress(address)));

/** Two of a kind are named. */
export const ledBy = (all: readonly Leading[]): readonly string[] =>
  [...groupBy(all, ({ several }) => several)].map(([several, of]) =>
    of.length > 2
      ? `${of.length} ${several}`
      : of
          .map(({ one }) => one)
          .join(', ')
          .replace(`, ${FIRST}`, ' and '),
  );
