import { BootFault, Held } from './look';

// What the next start of a device brings, as far as the device says it. Nobody is told "after every restart" without it having been looked at.

const UNITS = 'cpanel-edge.service or cpanel-edge-addresses.service in /etc/systemd/system';
const DROP_IN = '/etc/systemd/system/nftables.service.d/cpanel-edge.conf';
const SCRIPT = '/usr/local/etc/rc.d/cpanel_edge.sh';
const STAYS = 'what is not confirmed when the box restarts stays until the next command undoes it';
const LOADER = 'what loads the stored release at the start of the device';

/** What is wrong, and what it does; a delivery mends all of it, but for what is masked. */
const SAYS: Readonly<Record<BootFault, string>> = {
  'unit-missing': `${UNITS} is gone: a restart may bring the device up without our rules or addresses`,
  'unit-changed': `${UNITS} is not as we wrote it: a restart may bring the device up without our rules or addresses`,
  'unit-disabled': `${UNITS} is disabled: a restart may bring the device up without our rules or addresses`,
  'unit-masked': `${UNITS} is masked: a restart brings the device up without our rules or addresses; systemctl unmask takes that back`,
  'drop-in-missing': `${DROP_IN} is gone: whoever starts, reloads or stops nftables.service takes our rules away`,
  'drop-in-changed': `${DROP_IN} is not as we wrote it: whoever starts, reloads or stops nftables.service may take our rules away`,
  'loader-missing': `${LOADER} is gone: a restart may bring it up without our rules`,
  'loader-changed': `${LOADER} is not as we wrote it: a restart may bring it up without our rules`,
  'release-damaged': 'the stored release is damaged: a restart does not bring it, but closes what it opens',
  'script-missing': `${SCRIPT} is gone: ${STAYS}`,
  'script-changed': `${SCRIPT} is not as we wrote it: ${STAYS}`,
  'program-missing': `the device program is gone: a restart works with its copy in /conf/cpanel-edge`,
  'copy-missing': `the copy of the device program in /conf/cpanel-edge is gone or another: where the program is lost, ${STAYS}`,
  'record-damaged':
    'what the box has stored of the release is damaged: its entries stay in the configuration, and can not be told from edits',
  other: 'the device says of its next start what this version does not know: update cpanel-edge here',
};

/** What differs from how a delivery leaves it. Where nothing is confirmed, nothing has to be there for it. */
export const startFaults = ({ boot = [], digest }: Partial<Pick<Held, 'boot' | 'digest'>>): readonly string[] =>
  digest === 'none' ? [] : boot.map((fault) => SAYS[fault]);

/** A box loads its configuration whatever stands beside it. What it needs these for is the way back. */
const OF_THE_BOX: readonly BootFault[] = ['script-missing', 'script-changed', 'program-missing', 'copy-missing', 'record-damaged'];

/** For a line of a report: `this release`, or why not. */
export function afterRestart({ state, boot, digest }: Pick<Held, 'state' | 'boot' | 'digest'>): string {
  if (boot === undefined) return NOT_LOOKED_AT;
  const loads = boot.filter((fault) => !OF_THE_BOX.includes(fault));
  if (loads.length > 0 && digest !== 'none') return loads.includes('release-damaged') ? 'not this release' : 'perhaps nothing of it';
  if (boot.length > loads.length)
    return state === 'armed' || state === 'undoing'
      ? 'perhaps what is on its way, until the next command undoes it'
      : 'what its configuration holds';
  switch (state) {
    case 'nothing':
      return 'nothing of it';
    case 'retracting':
      return 'nothing of it: a restart brings the retract to its end';
    case 'confirmed':
      return 'this release';
    case 'kept':
      return 'these rules';
    case 'offered':
    case 'checked':
    case 'armed':
    case 'undoing':
      return digest === 'none' ? 'nothing of it: what is not confirmed is undone' : 'the confirmed release: what is on its way is undone';
    default:
      return state satisfies never;
  }
}

/** How long what runs lasts: `now and after every restart`, where the device itself says so. Undefined: it didn't answer. */
export function lasting(held: Pick<Held, 'boot' | 'digest'> | undefined): string {
  if (held === undefined) return 'now; what a restart brings was not looked at: it did not answer any more';
  const faults = startFaults(held);
  if (faults.length > 0) return `now, and perhaps not after a restart: ${faults.join('; ')}`;
  return held.boot ? 'now and after every restart' : `now; what a restart brings was ${NOT_LOOKED_AT}`;
}

export const NOT_LOOKED_AT = 'not looked at: its program does not say it (before protocol 6)';
