import { bootFaults } from '../lib/systems';
import { OwnerStatus } from './device-status';
import { OperatorProject, quoteWord, formatCommand } from './operator-project';
import { OwnershipRecord } from './synthesized-stack';

/** Somebody else's rules are somebody else's to change: no delivery does it. */
export const NARROWED_WORDS =
  "what closes these ports is another firewall's: open them there too, or stop it and disable it (firewalld, ufw, csf, a script); the lines above name its tables. A delivery changes nothing of it";

/** For the line that says the state of a trial. */
export const describeUndo = ({ seconds }: OwnerStatus): string =>
  seconds === 'lost'
    ? 'its timer is gone, so it does not end by itself'
    : /^\d+$/.test(seconds)
      ? `undone in ${seconds} s unless it is confirmed`
      : 'undone by its timer unless it is confirmed';

/** What to type about an owner that is not as delivered. */
export function describeNext(
  state: OwnerStatus['state'],
  device: string,
  status: OwnerStatus | undefined,
  holder: OwnershipRecord | undefined,
  project: OperatorProject,
): string {
  const verify = formatCommand(project, ['verify', device], holder?.connection, device);
  const delivery =
    holder?.address === undefined
      ? project.apply
      : `${project.apply}; where the plan shows no change: ${project.terraform} apply -replace=${quoteWord(holder.address)}`;
  const isByHand = status?.boot?.some((fault) => bootFaults[fault]?.byHand === true) ?? false;
  const deliverText = isByHand ? `first type on the device what the lines above say; then ${delivery}` : delivery;
  switch (state) {
    case 'offered':
    case 'checked':
      return `wait for it, a minute at most, then ask again: ${verify}`;
    case 'armed':
      return status?.seconds === 'lost'
        ? `nobody undoes it by itself any more; the next delivery does, before its own: ${deliverText}; or ${describeTrialEnd(device, status, holder, project)}`
        : `wait until it is confirmed or undone${status && /^\d+$/.test(status.seconds) ? `, ${status.seconds} s at most` : ''}, then ask again: ${verify}`;
    case 'undoing':
    case 'retracting':
      return `it finishes before the next delivery: ${deliverText}`;
    case 'nothing':
    case 'confirmed':
    case 'kept':
      return status?.rules === 'edited'
        ? `to overwrite exactly these edits: ${formatCommand(project, ['accept', device, status.fingerprint], holder?.connection, device)}; then ${deliverText}`
        : deliverText;
    default:
      return state satisfies never;
  }
}

/** A trial ends with a retract as well, and with a restart. A first trial has no lease yet that a retract could name. */
const describeTrialEnd = (
  device: string,
  { role, owner, lease }: OwnerStatus,
  holder: OwnershipRecord | undefined,
  project: OperatorProject,
): string =>
  lease === 'none'
    ? 'restart the device'
    : `restart the device; or take the owner off: ${formatCommand(project, ['retract', device, '--owner', owner, '--role', role, '--lease', lease], holder?.connection, device)}`;
