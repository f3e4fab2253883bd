import { prefixRange } from '../../../net/address';
import { covers } from '../../../net/range';
import { Mapping } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { openingsKey } from '../../../generate/openings';
import { Part, Peers, Side, arriveTogether, chains, peersMeet } from '../../../generate/parts';
import * as problems from './problems';
import * as openings from './problems-openings';

/**
 * Parts of enabled mappings that have addresses in common, and what then isn't decided or can't be said. `sourcesChange`: where reflection
 * of a mapping translates sources.
 */
export function checkOverlaps(
  parts: readonly Part[],
  sourcesChange: (mapping: Mapping) => boolean,
  found: Problem[],
): void {
  const told = new Set<string>();
  const tell = (part: Part, other: Part, say: (where: string, other: string) => Problem): void => {
    const problem = say(`mapping ${part.mapping.name}`, `mapping ${other.mapping.name}`);
    if (told.has(`${problem.code} ${problem.where}`)) return;
    told.add(`${problem.code} ${problem.where}`);
    found.push(problem);
  };
  pairs(parts, 'outside', (part, other) => {
    if (peersMeet(part.peers, other.peers) && arriveTogether(part, other) && !askedInOrder(part, other))
      tell(part, other, problems.askedFirst);
  });
  pairs(parts, 'inside', (part, other) => {
    const [reflected, silent] = isReflected(part) ? [part, other] : [other, part];
    if (sourcesChange(reflected.mapping) && !isReflected(silent)) tell(silent, reflected, openings.reflectionDiffers);
    const meet = peersMeet(part.peers, other.peers);
    if (!meet || part.mapping.interface !== other.mapping.interface) return;
    if (openingsKey(part.mapping.openings) !== openingsKey(other.mapping.openings))
      tell(part, other, problems.openingsDiffer);
  });
  for (const part of unserved(parts)) tell(part, part, problems.inboundOnlyAlone);
}

const isReflected = ({ mapping: { reflection } }: Part): boolean =>
  reflection.mode !== 'disabled' && reflection.from.length > 0;

const isRestricted = ({ mapping }: Part): boolean => mapping.peers !== 'anywhere';

/** Of one that is restricted and one that isn't, whether the first is asked first. What is inbound only stands behind all others. */
function askedInOrder(a: Part, b: Part): boolean {
  if (isRestricted(a) === isRestricted(b)) return true;
  const [restricted, open] = isRestricted(a) ? [a, b] : [b, a];
  return !restricted.mapping.inboundOnly || open.mapping.inboundOnly;
}

/** Parts that are inbound only, and whose hosts would go out by them all the same: no other takes what they send. */
function unserved(parts: readonly Part[]): readonly Part[] {
  const inbound = new Set(parts.filter(({ mapping }) => mapping.inboundOnly));
  if (inbound.size === 0) return [];
  const serves = (part: Part, by: Part): boolean =>
    !by.mapping.inboundOnly &&
    by.mapping.interface === part.mapping.interface &&
    covers(prefixRange(by.inside), prefixRange(part.inside)) &&
    peersCover(by.peers, part.peers);
  pairs(parts, 'inside', (a, b) => {
    if (inbound.has(a) && serves(a, b)) inbound.delete(a);
    if (inbound.has(b) && serves(b, a)) inbound.delete(b);
  });
  return [...inbound];
}

function peersCover(wide: Peers, narrow: Peers): boolean {
  if (wide.is === 'anywhere') return true;
  if (wide.is !== 'among' || narrow.is !== 'among') return false;
  return narrow.ranges.every((range) => wide.ranges.some((one) => covers(one, range)));
}

function pairs(parts: readonly Part[], side: Side, meet: (part: Part, other: Part) => void): void {
  chains(parts, side, (part, others) => {
    for (const other of others) if (other.mapping !== part.mapping) meet(part, other);
  });
}
