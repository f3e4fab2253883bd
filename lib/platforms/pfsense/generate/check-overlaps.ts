// Reports, as problems, a policy's mappings whose overlap pfSense can't express or whose order isn't decided.

import { toRange } from '../../../net/address';
import { covers } from '../../../net/range';
import { Mapping } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { toAllowRulesKey } from '../../../generate/allow-rule-keys';
import {
  MappingPart,
  MappingPeers,
  MappingSide,
  hasCommonArrival,
  walkOverlaps,
  hasCommonPeers,
} from '../../../generate/mapping-parts';
import * as problems from './gateway-problems';
import * as openings from './allow-rule-problems';

/**
 * Reports parts of enabled mappings with common addresses whose order isn't decided or that pfSense can't express.
 * `sourcesChange` tells whether reflection of a mapping translates sources.
 */
export function checkOverlaps(
  parts: readonly MappingPart[],
  sourcesChange: (mapping: Mapping) => boolean,
  problemsFound: Problem[],
): void {
  const reported = new Set<string>();
  const report = (
    part: MappingPart,
    other: MappingPart,
    createProblem: (where: string, other: string) => Problem,
  ): void => {
    const problem = createProblem(`mapping ${part.mapping.name}`, `mapping ${other.mapping.name}`);
    if (reported.has(`${problem.code} ${problem.where}`)) return;
    reported.add(`${problem.code} ${problem.where}`);
    problemsFound.push(problem);
  };
  walkPairs(parts, 'external', (part, other) => {
    if (hasCommonPeers(part.peers, other.peers) && hasCommonArrival(part, other) && !isOrderDecided(part, other))
      report(part, other, problems.createAskedFirst);
  });
  walkPairs(parts, 'internal', (part, other) => {
    const [reflected, silent] = isReflected(part) ? [part, other] : [other, part];
    if (sourcesChange(reflected.mapping) && !isReflected(silent))
      report(silent, reflected, openings.createReflectionDiffers);
    const peersOverlap = hasCommonPeers(part.peers, other.peers);
    if (!peersOverlap || part.mapping.interface !== other.mapping.interface) return;
    if (toAllowRulesKey(part.mapping.allowRules) !== toAllowRulesKey(other.mapping.allowRules))
      report(part, other, problems.createOpeningsDiffer);
  });
  for (const part of findUnserved(parts)) report(part, part, problems.createInboundOnlyAlone);
}

const isReflected = ({ mapping: { reflection } }: MappingPart): boolean =>
  reflection.mode !== 'disabled' && reflection.from.length > 0;

const isRestricted = ({ mapping }: MappingPart): boolean => mapping.peers !== 'anywhere';

/**
 * Returns whether the restricted part of the two is asked first. Inbound-only parts stand behind all others. Two parts
 * of the same kind need no decision.
 */
function isOrderDecided(a: MappingPart, b: MappingPart): boolean {
  if (isRestricted(a) === isRestricted(b)) return true;
  const [restricted, open] = isRestricted(a) ? [a, b] : [b, a];
  return !restricted.mapping.inboundOnly || open.mapping.inboundOnly;
}

/** Returns the inbound-only parts whose hosts would still go out by them, because no other part takes their packets. */
function findUnserved(parts: readonly MappingPart[]): readonly MappingPart[] {
  const inbound = new Set(parts.filter(({ mapping }) => mapping.inboundOnly));
  if (inbound.size === 0) return [];
  const serves = (part: MappingPart, translator: MappingPart): boolean =>
    !translator.mapping.inboundOnly &&
    translator.mapping.interface === part.mapping.interface &&
    covers(toRange(translator.internal), toRange(part.internal)) &&
    coversPeers(translator.peers, part.peers);
  walkPairs(parts, 'internal', (a, b) => {
    if (inbound.has(a) && serves(a, b)) inbound.delete(a);
    if (inbound.has(b) && serves(b, a)) inbound.delete(b);
  });
  return [...inbound];
}

function coversPeers(wide: MappingPeers, narrow: MappingPeers): boolean {
  if (wide.is === 'anywhere') return true;
  if (wide.is !== 'among' || narrow.is !== 'among') return false;
  return narrow.ranges.every((range) => wide.ranges.some((wideRange) => covers(wideRange, range)));
}

function walkPairs(
  parts: readonly MappingPart[],
  side: MappingSide,
  visit: (part: MappingPart, other: MappingPart) => void,
): void {
  walkOverlaps(parts, side, (part, overlapping) => {
    for (const other of overlapping) if (other.mapping !== part.mapping) visit(part, other);
  });
}
