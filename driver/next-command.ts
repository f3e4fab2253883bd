// Returns the commands that an operator types next for an owner on a device that isn't as delivered.

import { bootFaults } from '../lib/device-systems';
import { OwnerStatus } from './device-status';
import { OperatorProject, quoteWord, formatCommand } from './operator-project';
import { OwnershipRecord } from './synthesized-stack';

/** Hint for ports that unmanaged rules narrow: no delivery changes those rules. */
export const NARROWED_WORDS =
  "what closes these ports is another firewall's: open them there too, or stop it and disable it (firewalld, ufw, csf, a script); the lines above name its tables. A delivery changes nothing of it";

/** Returns the words on the rollback of an armed release, for the line with its state. */
export const describeUndo = ({ seconds }: OwnerStatus): string =>
  seconds === 'lost'
    ? 'its timer is gone, so it does not end by itself'
    : /^\d+$/.test(seconds)
      ? `rolled back in ${seconds} s unless it is confirmed`
      : 'rolled back by its timer unless it is confirmed';

/** Returns the commands for an owner that is not as delivered. */
export function describeNext(
  state: OwnerStatus['state'],
  device: string,
  status: OwnerStatus | undefined,
  ownershipRecord: OwnershipRecord | undefined,
  project: OperatorProject,
): string {
  const verify = formatCommand(project, ['verify', device], ownershipRecord?.connection, device);
  const delivery =
    ownershipRecord?.address === undefined
      ? project.apply
      : `${project.apply}; where the plan shows no change: ${project.terraform} apply -replace=${quoteWord(ownershipRecord.address)}`;
  const isByHand = status?.boot?.some((fault) => bootFaults[fault]?.byHand === true) ?? false;
  const deliverText = isByHand ? `first type on the device what the lines above say; then ${delivery}` : delivery;
  switch (state) {
    case 'offered':
    case 'checked':
      return `wait for it, a minute at most, then ask again: ${verify}`;
    case 'armed':
      return status?.seconds === 'lost'
        ? `its timer is lost, so nothing rolls it back by itself; the next delivery does, before its own: ${deliverText}; or ${describeTrialEnd(device, status, ownershipRecord, project)}`
        : `wait until it is confirmed or rolled back${status && /^\d+$/.test(status.seconds) ? `, ${status.seconds} s at most` : ''}, then ask again: ${verify}`;
    case 'undoing':
    case 'retracting':
      return `it finishes before the next delivery: ${deliverText}`;
    case 'nothing':
    case 'confirmed':
    case 'kept':
      return status?.rules === 'edited'
        ? `to overwrite exactly these edits: ${formatCommand(project, ['accept', device, status.fingerprint], ownershipRecord?.connection, device)}; then ${deliverText}`
        : deliverText;
    default:
      return state satisfies never;
  }
}

/**
 * Returns the words to end an armed release, which a removal or a restart also does. A first release has no owner token
 * yet that a removal could name.
 */
const describeTrialEnd = (
  device: string,
  { role, owner, ownerToken }: OwnerStatus,
  ownershipRecord: OwnershipRecord | undefined,
  project: OperatorProject,
): string =>
  ownerToken === 'none'
    ? 'restart the device'
    : `restart the device; or remove the owner: ${formatCommand(project, ['remove', device, '--owner', owner, '--role', role, '--owner-token', ownerToken], ownershipRecord?.connection, device)}`;
