// Explains what the next boot of a device loads, from the boot faults that the agent reports. Without a report the
// driver never says that the rules are there after every restart.
import { bootFaults } from '../lib/device-systems';
import { OwnerStatus } from './device-status';

const UNKNOWN_FAULT = 'the device says of its next start what this version does not know: update cpanel-edge here';

/**
 * Returns the differences from the state that a delivery leaves; none without a confirmed release, which needs nothing.
 */
export const listStartFaults = ({
  boot = [],
  digest,
}: Partial<Pick<OwnerStatus, 'boot' | 'digest'>>): readonly string[] =>
  digest === 'none' ? [] : boot.map((fault) => bootFaults[fault]?.description ?? UNKNOWN_FAULT);

/** Returns the words for a line of a report: `this release`, or why not. */
export function describeRestart({ state, boot, digest }: Pick<OwnerStatus, 'state' | 'boot' | 'digest'>): string {
  if (boot === undefined) return NOT_REPORTED;
  const loadingFaults = boot.filter((fault) => ![false, 'beside others'].includes(bootFaults[fault]?.loads ?? true));
  if (loadingFaults.length > 0 && digest !== 'none')
    return loadingFaults.includes('release-damaged') ? 'not this release' : 'perhaps nothing of it';
  if (boot.some((fault) => bootFaults[fault]?.loads === false))
    return state === 'armed' || state === 'undoing'
      ? 'perhaps what is on its way, until the next command rolls it back'
      : 'what its configuration holds';
  const besideText = boot.some((fault) => bootFaults[fault]?.loads === 'beside others')
    ? 'beside another firewall, '
    : '';
  switch (state) {
    case 'nothing':
      return 'nothing of it';
    case 'retracting':
      return 'nothing of it: a restart brings the removal to its end';
    case 'confirmed':
      return `${besideText}this release`;
    case 'kept':
      return `${besideText}these rules`;
    case 'offered':
    case 'checked':
    case 'armed':
    case 'undoing':
      return digest === 'none'
        ? 'nothing of it: what is not confirmed is rolled back'
        : 'the confirmed release: what is on its way is rolled back';
    default:
      return state satisfies never;
  }
}

/**
 * Returns how long the running rules last: `now and after every restart` if the device itself reports so. An undefined
 * status means that it didn't answer.
 */
export function describeDuration(status: Pick<OwnerStatus, 'boot' | 'digest'> | undefined): string {
  if (status === undefined) return 'now; what a restart brings was not looked at: it did not answer any more';
  const faults = listStartFaults(status);
  if (faults.length > 0) return `now, and perhaps not after a restart: ${faults.join('; ')}`;
  return status.boot ? 'now and after every restart' : `now; what a restart brings was ${NOT_REPORTED}`;
}

export const NOT_REPORTED = 'not looked at: its program does not say it (before protocol 6)';
