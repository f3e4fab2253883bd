import { Release } from '../lib/agent-protocol/release';
import { Held, Ran } from './look';

type Made = Pick<Ran, 'made' | 'runner'>;

/** When and by whom a release was made, for a line: `, made 2026-11-21 08:00 UTC by ci@host`. Nothing where nobody noted it. */
export const madeBy = ({ made, runner }: Made): string =>
  made === undefined && runner === undefined
    ? ''
    : `, made${made === undefined ? '' : ` ${dateOf(made)}`}${runner === undefined ? '' : ` by ${runner}`}`;

/** Seconds since 1970, as a person reads it. */
const dateOf = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, -8).replace('T', ' ')} UTC`;

/** `release 3f0e9c21ab44, made … by …`. */
export const named = (ran: Ran): string => `release ${ran.digest.slice(0, 12)}${madeBy(ran)}`;

/** What a delivery takes the place of; undefined where nothing is confirmed. */
export const replacedBy = (release: Pick<Release, 'digest'>, held: Held | undefined): Ran | undefined =>
  held === undefined || held.digest === 'none' || held.digest === release.digest ? undefined : held;

/**
 * Where the device ran this release before and something else since: an older state, another checkout, or a revert. Which of these it is the
 * device can't know, nor what the plan was made against: that is in no environment of a provisioner.
 */
export function goesBack({ digest }: Pick<Release, 'digest'>, { history = [], digest: now }: Held): readonly string[] {
  const at = history.map((ran) => ran.digest).lastIndexOf(digest);
  if (at < 0 || now === digest || now === 'none') return [];
  const since = history.slice(at + 1);
  const [first] = since;
  return [
    `this goes back: the device ran ${named(history[at]!)} before${first ? `, and since then ${since.length === 1 ? '' : `${since.length} others, first `}${named(first)}` : ''}.`,
    'If nobody means to go back, this plan was made from an older state or another checkout: interrupt it now, and look with cpanel-edge verify and review --live.',
  ];
}
