import { Address, hostPrefix, isHost, prefixRange } from '../../../../net/address';
import { Range, joined } from '../../../../net/range';
import { Openings } from '../../../../policy/policy';
import { Problem } from '../../../../problems/problem';
import { meetingOthers } from '../../../../generate/netfilter/gateway';
import { openingsKey } from '../../../../generate/openings';
import { Part } from '../../../../generate/parts';
import * as problems from '../problems';
import { OpenGroup } from './model';

const MOST_PAIRS = 1024;

export function openGroups(parts: readonly Part[], found: Problem[]): readonly OpenGroup[] {
  // The hosts of one profile are the common case, and nothing has to be told apart there.
  const alike = new Set(parts.map((part) => openingsKey(part.mapping.openings))).size <= 1;
  const insideShared = alike ? new Set<Part>() : meetingOthers(parts, 'inside');
  const outsideShared = insideShared.size === 0 ? insideShared : meetingOthers(parts, 'outside');
  const groups = new Map<
    string,
    { readonly openings: Openings; readonly inside: Range[]; readonly both: Part[]; readonly pairs: Part[] }
  >();
  let pairs = 0;
  for (const part of parts) {
    const key = openingsKey(part.mapping.openings);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { openings: part.mapping.openings, inside: [], both: [], pairs: [] }));
    if (!insideShared.has(part)) group.inside.push(prefixRange(part.inside));
    else if (!outsideShared.has(part)) group.both.push(part);
    else {
      const range = prefixRange(part.inside);
      const size = Number(range.last - range.first) + 1;
      if (pairs <= MOST_PAIRS && pairs + size > MOST_PAIRS)
        found.push(problems.tooManyPairs(`mapping ${part.mapping.name}`));
      pairs += size;
      if (pairs <= MOST_PAIRS) group.pairs.push(...hostsOf(part));
    }
  }
  return [...groups.values()].map(({ openings, inside, both, pairs: exact }) => ({
    openings,
    inside: joined(inside),
    shared:
      both.length === 0
        ? undefined
        : {
            inside: joined(both.map((p) => prefixRange(p.inside))),
            outside: joined(both.map((p) => prefixRange(p.outside))),
          },
    pairs: exact,
  }));
}

function hostsOf(part: Part): readonly Part[] {
  if (isHost(part.inside)) return [part];
  const { first, last } = prefixRange(part.inside);
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => ({
    ...part,
    inside: hostPrefix((part.inside.first + BigInt(index)) as Address),
    outside: hostPrefix((part.outside.first + BigInt(index)) as Address),
  }));
}
