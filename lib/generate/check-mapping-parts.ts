// Returns the problems of a gateway's 1:1 mappings: an internal address that is public or the gateway's own, and
// packets that can't be told apart after translation.
import { toRange } from '../net/address';
import { contains } from '../net/range';
import { GatewayPolicy } from '../policy/policy';
import { Problem } from '../problems/problem';
import { Capabilities } from './capabilities';
import { createOverlapFinder } from './find-overlap';
import { MappingPart, MappingSide, hasCommonArrival, walkOverlaps, hasCommonPeers } from './mapping-parts';
import * as problems from './policy-problems';
import { addPlatformCode, listGatewayAddresses } from './check-policy';

/**
 * Returns a problem for each mapping whose packets can't be told apart once they are translated. `parts`: parts of the
 * enabled mappings.
 */
export function checkMappingParts(
  policy: GatewayPolicy,
  parts: readonly MappingPart[],
  capabilities: Capabilities,
): Problem[] {
  const problemList: Problem[] = [];
  const gatewayAddresses = listGatewayAddresses(policy);
  const publicRanges = [...policy.mappings, ...policy.virtualIps].map(({ external }) => ({ range: toRange(external) }));
  const findPublicOverlap = createOverlapFinder(publicRanges);
  for (const { mapping, internal } of parts) {
    const where = `mapping ${mapping.name}`;
    const range = toRange(internal);
    if (findPublicOverlap(range)) problemList.push(problems.createPublicInternalProblem(where, internal));
    for (const address of gatewayAddresses)
      if (contains(range, address)) problemList.push(problems.createGatewayInternalProblem(where, internal, address));
  }
  findConflicts('external', parts, problems.createTwoInternalProblem, hasCommonArrival, problemList);
  findConflicts(
    'internal',
    parts.filter(isOutgoing),
    problems.createTwoExternalProblem,
    (a, b) => a.mapping.interface === b.mapping.interface,
    problemList,
  );
  return addPlatformCode(capabilities, problemList);
}

const isOutgoing = ({ mapping }: MappingPart): boolean => !mapping.inboundOnly;

/**
 * Adds a problem for each mapping that conflicts with another, once per mapping. A mapping with a destination
 * restriction comes before one without, so only two of one rank are undecided.
 */
function findConflicts(
  side: MappingSide,
  parts: readonly MappingPart[],
  createProblem: (where: string, other: string) => Problem,
  isConflict: (a: MappingPart, b: MappingPart) => boolean,
  problemList: Problem[],
): void {
  const reported = new Set<string>();
  walkOverlaps(parts, side, (part, overlapping) => {
    const { mapping, peers } = part;
    if (reported.has(mapping.name)) return;
    const conflicting = overlapping.find(
      (other) =>
        other.mapping !== mapping &&
        (other.mapping.peers === 'anywhere') === (mapping.peers === 'anywhere') &&
        hasCommonPeers(peers, other.peers) &&
        isConflict(part, other),
    );
    if (!conflicting) return;
    reported.add(mapping.name);
    problemList.push(createProblem(`mapping ${mapping.name}`, `mapping ${conflicting.mapping.name}`));
  });
}
