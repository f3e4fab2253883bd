// Formats when and by whom a release was made, and warns if a delivery goes back to a release that the device ran
// before.
import { Release } from '../lib/agent-protocol/release';
import { OwnerStatus, ConfirmedRelease } from './device-status';

type ReleaseOrigin = Pick<ConfirmedRelease, 'made' | 'runner'>;

/**
 * Returns the time and the maker of a release, for a line: `, made 2026-11-21 08:00 UTC by ci@host`. Empty if they
 * weren't recorded.
 */
export const describeOrigin = ({ made, runner }: ReleaseOrigin): string =>
  made === undefined && runner === undefined
    ? ''
    : `, made${made === undefined ? '' : ` ${formatDate(made)}`}${runner === undefined ? '' : ` by ${runner}`}`;

/** Returns seconds since 1970 in readable form. */
const formatDate = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, -8).replace('T', ' ')} UTC`;

/** Returns `release 3f0e9c21ab44, made … by …`. */
export const describeRelease = (release: ConfirmedRelease): string =>
  `release ${release.digest.slice(0, 12)}${describeOrigin(release)}`;

/** Returns the release that a delivery replaces; undefined if none is confirmed. */
export const findReplaced = (
  release: Pick<Release, 'digest'>,
  status: OwnerStatus | undefined,
): ConfirmedRelease | undefined =>
  status === undefined || status.digest === 'none' || status.digest === release.digest ? undefined : status;

/**
 * Returns a warning if the device ran this release before and another one since: the plan has an older state, comes
 * from another checkout, or is a revert. The device can't know which, nor what the plan was made against: a
 * provisioner's environment doesn't contain that.
 */
export function explainRevert(
  { digest }: Pick<Release, 'digest'>,
  { history = [], digest: runningDigest }: OwnerStatus,
): readonly string[] {
  const index = history.map((release) => release.digest).lastIndexOf(digest);
  if (index < 0 || runningDigest === digest || runningDigest === 'none') return [];
  const laterReleases = history.slice(index + 1);
  const [first] = laterReleases;
  return [
    `this goes back: the device ran ${describeRelease(history[index]!)} before${first ? `, and since then ${laterReleases.length === 1 ? '' : `${laterReleases.length} others, first `}${describeRelease(first)}` : ''}.`,
    'If going back is not intended, this plan was made from an older state or another checkout: interrupt it now, and look with cpanel-edge verify and review --live.',
  ];
}
