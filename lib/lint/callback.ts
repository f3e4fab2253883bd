import { PROTOCOL } from '../net/packet';
import { Range } from '../net/range';
import { isAnybody } from './addresses';
import { placeOf } from './places';
import { Subject, SubjectOwner } from './subject';
import { Target, openTo, targetsOf } from './targets';

/** Tried in turn; 2095 is not among them. */
const CALLBACK: readonly number[] = [2082, 2083, 2086, 2087, 2096];

export interface Callback {
  readonly where: string;
  readonly at: readonly Range[];
  readonly callback: 'open' | 'listed' | 'closed';
}

/** How the licence servers reach each managed server that the internet reaches over IPv4. */
export function managedCallbacks(subject: Subject): readonly Callback[] {
  const owners = new Map<SubjectOwner, Target[]>();
  for (const target of targetsOf(subject)) {
    if (target.owner.policy?.kind !== 'server' || target.family !== 'ip') continue;
    owners.set(target.owner, [...(owners.get(target.owner) ?? []), target]);
  }
  return [...owners].map(([owner, targets]) => {
    const at = targets.flatMap((target) => target.at);
    // Any port at any of its addresses will do.
    const open = targets.flatMap((target) => CALLBACK.map((port) => openTo(target, PROTOCOL.tcp, port)));
    const callback = open.some((sources) => isAnybody(sources, 'ip'))
      ? 'open'
      : open.some(({ length }) => length > 0)
        ? 'listed'
        : 'closed';
    return { where: placeOf(owner, at), at, callback };
  });
}
