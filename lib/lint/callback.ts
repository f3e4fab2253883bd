import { LICENCE_CALLBACK_112 } from '../intent/data/cpanel-ports-112';
import { PROTOCOL } from '../net/packet';
import { Range } from '../net/range';
import { isAnybody, printSome } from './addresses';
import { byOwner, placeOf } from './per-owner';
import { Find, Said } from './rule';
import { Subject } from './subject';
import { openTo, targetsOf } from './targets';

/** One finding per managed server that the internet reaches over IPv4 and that the licence servers reach in this way. */
export const callbackIs =
  (wanted: 'listed' | 'closed', say: (at: string) => Said): Find =>
  (subject) =>
    managedCallbacks(subject)
      .filter(({ callback }) => callback === wanted)
      .map(({ where, at }) => ({ where, ...say(printSome(at)) }));

interface Callback {
  readonly where: string;
  readonly at: readonly Range[];
  readonly callback: 'open' | 'listed' | 'closed';
}

function managedCallbacks(subject: Subject): readonly Callback[] {
  const managed = targetsOf(subject).filter(({ owner, family }) => owner.policy?.kind === 'server' && family === 'ip');
  return [...byOwner(managed)].map(([owner, targets]) => {
    const at = targets.flatMap((target) => target.at);
    // Any port at any of its addresses will do.
    const open = targets.flatMap((target) => LICENCE_CALLBACK_112.map((port) => openTo(target, PROTOCOL.tcp, port)));
    const callback = open.some((sources) => isAnybody(sources, 'ip'))
      ? 'open'
      : open.some(({ length }) => length > 0)
        ? 'listed'
        : 'closed';
    return { where: placeOf(owner, at), at, callback };
  });
}
