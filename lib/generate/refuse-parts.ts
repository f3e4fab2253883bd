import { prefixRange } from '../net/address';
import { contains } from '../net/range';
import { GatewayPolicy } from '../policy/policy';
import { Problem } from '../problems/problem';
import { Capabilities } from './capabilities';
import { overlapping } from './overlapping';
import { Part, Side, arriveTogether, chains, peersMeet } from './parts';
import * as problems from './problems';
import { coded, ownAddresses } from './refuse';

/** What can't be told apart once it is translated. `parts`: of the mappings that are enabled. */
export function refusedParts(policy: GatewayPolicy, parts: readonly Part[], can: Capabilities): Problem[] {
  const found: Problem[] = [];
  const own = ownAddresses(policy);
  const publics = [...policy.mappings, ...policy.virtualIps].map(({ outside }) => ({ range: prefixRange(outside) }));
  const meets = overlapping(publics);
  for (const { mapping, inside } of parts) {
    const where = `mapping ${mapping.name}`;
    const range = prefixRange(inside);
    if (meets(range)) found.push(problems.insideIsPublic(where, inside));
    for (const address of own)
      if (contains(range, address)) found.push(problems.insideIsTheGateway(where, inside, address));
  }
  twins('outside', parts, problems.twoInside, arriveTogether, found);
  twins(
    'inside',
    parts.filter(leaves),
    problems.twoOutside,
    (a, b) => a.mapping.interface === b.mapping.interface,
    found,
  );
  return coded(can, found);
}

const leaves = ({ mapping }: Part): boolean => !mapping.inboundOnly;

/** A mapping with a destination restriction comes before one without, so only two of one rank are undecided. Each mapping is told of once. */
function twins(
  side: Side,
  parts: readonly Part[],
  say: (where: string, other: string) => Problem,
  meet: (a: Part, b: Part) => boolean,
  found: Problem[],
): void {
  const told = new Set<string>();
  chains(parts, side, (part, others) => {
    const { mapping, peers } = part;
    if (told.has(mapping.name)) return;
    const twin = others.find(
      (other) =>
        other.mapping !== mapping &&
        (other.mapping.peers === 'anywhere') === (mapping.peers === 'anywhere') &&
        peersMeet(peers, other.peers) &&
        meet(part, other),
    );
    if (!twin) return;
    told.add(mapping.name);
    found.push(say(`mapping ${mapping.name}`, `mapping ${twin.mapping.name}`));
  });
}
