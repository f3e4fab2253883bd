import { bootFaults } from '../lib/systems';
import { Held } from './look';
import { Project, quoted, typed } from './project';
import { Holder } from './synthesized';

/** Somebody else's rules are somebody else's to change: no delivery does it. */
export const NEXT_NARROWER =
  "what closes these ports is another firewall's: open them there too, or stop it and disable it (firewalld, ufw, csf, a script); the lines above name its tables. A delivery changes nothing of it";

/** For the line that says the state of a trial. */
export const undoneWhen = ({ seconds }: Held): string =>
  seconds === 'lost'
    ? 'its timer is gone, so it does not end by itself'
    : /^\d+$/.test(seconds)
      ? `undone in ${seconds} s unless it is confirmed`
      : 'undone by its timer unless it is confirmed';

/** What to type about an owner that is not as delivered. */
export function nextOf(
  state: Held['state'],
  device: string,
  held: Held | undefined,
  holder: Holder | undefined,
  where: Project,
): string {
  const verify = typed(where, ['verify', device], holder?.connection, device);
  const delivery =
    holder?.address === undefined
      ? where.apply
      : `${where.apply}; where the plan shows no change: ${where.terraform} apply -replace=${quoted(holder.address)}`;
  const isByHand = held?.boot?.some((fault) => bootFaults[fault]?.byHand === true) ?? false;
  const again = isByHand ? `first type on the device what the lines above say; then ${delivery}` : delivery;
  switch (state) {
    case 'offered':
    case 'checked':
      return `wait for it, a minute at most, then ask again: ${verify}`;
    case 'armed':
      return held?.seconds === 'lost'
        ? `nobody undoes it by itself any more; the next delivery does, before its own: ${again}; or ${endedWithout(device, held, holder, where)}`
        : `wait until it is confirmed or undone${held && /^\d+$/.test(held.seconds) ? `, ${held.seconds} s at most` : ''}, then ask again: ${verify}`;
    case 'undoing':
    case 'retracting':
      return `it finishes before the next delivery: ${again}`;
    case 'nothing':
    case 'confirmed':
    case 'kept':
      return held?.rules === 'edited'
        ? `to overwrite exactly these edits: ${typed(where, ['accept', device, held.fingerprint], holder?.connection, device)}; then ${again}`
        : again;
    default:
      return state satisfies never;
  }
}

/** A trial ends with a retract as well, and with a restart. A first trial has no lease yet that a retract could name. */
const endedWithout = (
  device: string,
  { role, owner, lease }: Held,
  holder: Holder | undefined,
  where: Project,
): string =>
  lease === 'none'
    ? 'restart the device'
    : `restart the device; or take the owner off: ${typed(where, ['retract', device, '--owner', owner, '--role', role, '--lease', lease], holder?.connection, device)}`;
