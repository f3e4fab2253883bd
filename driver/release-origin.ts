import { Release } from '../lib/agent-protocol/release';
import { OwnerStatus, ConfirmedRelease } from './device-status';

type ReleaseOrigin = Pick<ConfirmedRelease, 'made' | 'runner'>;

/** When and by whom a release was made, for a line: `, made 2026-11-21 08:00 UTC by ci@host`. Nothing where nobody noted it. */
export const describeOrigin = ({ made, runner }: ReleaseOrigin): string =>
  made === undefined && runner === undefined
    ? ''
    : `, made${made === undefined ? '' : ` ${formatDate(made)}`}${runner === undefined ? '' : ` by ${runner}`}`;

/** Seconds since 1970, as a person reads it. */
const formatDate = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, -8).replace('T', ' ')} UTC`;

/** `release 3f0e9c21ab44, made … by …`. */
export const describeRelease = (release: ConfirmedRelease): string =>
  `release ${release.digest.slice(0, 12)}${describeOrigin(release)}`;

/** What a delivery takes the place of; undefined where nothing is confirmed. */
export const findReplaced = (
  release: Pick<Release, 'digest'>,
  status: OwnerStatus | undefined,
): ConfirmedRelease | undefined =>
  status === undefined || status.digest === 'none' || status.digest === release.digest ? undefined : status;

/**
 * Where the device ran this release before and something else since: an older state, another checkout, or a revert. Which of these it is the
 * device can't know, nor what the plan was made against: that is in no environment of a provisioner.
 */
export function explainRevert(
  { digest }: Pick<Release, 'digest'>,
  { history = [], digest: runningDigest }: OwnerStatus,
): readonly string[] {
  const at = history.map((release) => release.digest).lastIndexOf(digest);
  if (at < 0 || runningDigest === digest || runningDigest === 'none') return [];
  const since = history.slice(at + 1);
  const [first] = since;
  return [
    `this goes back: the device ran ${describeRelease(history[at]!)} before${first ? `, and since then ${since.length === 1 ? '' : `${since.length} others, first `}${describeRelease(first)}` : ''}.`,
    'If nobody means to go back, this plan was made from an older state or another checkout: interrupt it now, and look with cpanel-edge verify and review --live.',
  ];
}
