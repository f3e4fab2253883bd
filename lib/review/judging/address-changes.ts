// Finds the public addresses of a review whose host changes: added, removed, given to another host, or exchanged for
// another address of the same host.

import { toRange } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { Range, compareValues, isSameRange } from '../../net/range';
import { GatewayPolicy } from '../../policy/policy';
import { ScopedOwner } from './comparison-scope';
import { ReviewState } from './review-state';

/** A public range on a gateway, and the inside range that it is translated to, address by address. */
export interface MappedRange {
  readonly gateway: ScopedOwner;
  readonly external: Range;
  readonly internal: Range;
  /** `before` has every release that the gateway may run before the change. */
  readonly time: 'before' | 'after';
}

/** A public range with all hosts that it may be translated to before, and after. */
interface ExternalRange {
  readonly external: Range;
  readonly before: readonly MappedRange[];
  readonly after: readonly MappedRange[];
}

/**
 * Returns the public ranges whose host or gateway changes, sorted by address. Empty for a gateway with a state whose
 * mappings aren't known: the review is unknown then.
 */
export const findAddressChanges = (gateways: readonly ScopedOwner[]): readonly RangeChange[] =>
  pairMoves(splitExternalRanges(gateways.flatMap(listChangedMappings)));

/** Returns the mappings of a gateway that aren't the same in all of its states. */
function listChangedMappings(gateway: ScopedOwner): readonly MappedRange[] {
  const { before, after } = gateway.judgedOwner;
  const policies = [...before, after].map(getGatewayPolicy);
  if (policies.includes('unknown') || new Set(policies).size === 1) return [];
  const mappedByState = policies.map((policy) => (typeof policy === 'string' ? [] : listMappedRanges(policy)));
  const occurrences = groupBy(
    mappedByState.flatMap((mapped, stateIndex) => mapped.map((range) => ({ ...range, stateIndex }))),
    ({ external, internal }) => `${external.first} ${external.last} ${internal.first}`,
  );
  return [...occurrences.values()]
    .filter((sameMappings) => sameMappings.length < policies.length)
    .flatMap((sameMappings) => {
      const times = new Set(
        sameMappings.map(({ stateIndex }) => (stateIndex === before.length ? ('after' as const) : ('before' as const))),
      );
      const [{ external, internal }] = sameMappings;
      return [...times].map((time) => ({ gateway, external, internal, time }));
    });
}

/** Returns `none` if the gateway has nothing of its owner in this state. */
function getGatewayPolicy({ is, specified }: ReviewState): GatewayPolicy | 'none' | 'unknown' {
  if (specified?.policy.kind === 'gateway') return specified.policy;
  return is === 'bare' ? 'none' : 'unknown';
}

const listMappedRanges = ({ mappings }: GatewayPolicy): readonly Pick<MappedRange, 'external' | 'internal'>[] => [
  ...new Map(
    mappings
      .filter(({ enabled }) => enabled)
      .map(({ external, internal }) => [
        `${external.first} ${external.length} ${internal.first}`,
        { external: toRange(external), internal: toRange(internal) },
      ]),
  ).values(),
];

/** Splits the public ranges where a mapping begins or ends. Mappings may be networks that overlap partly. */
function splitExternalRanges(mappedRanges: readonly MappedRange[]): readonly ExternalRange[] {
  const starts = [...new Set(mappedRanges.flatMap(({ external }) => [external.first, external.last + 1n]))].sort(
    compareValues,
  );
  const sortedRanges = [...mappedRanges].sort((a, b) => compareValues(a.external.first, b.external.first));
  const externalRanges: ExternalRange[] = [];
  let active: readonly MappedRange[] = [];
  let nextIndex = 0;
  for (const [index, first] of starts.entries()) {
    const end = starts[index + 1];
    if (end === undefined) break;
    const external = { first, last: end - 1n };
    active = active.filter((mapped) => mapped.external.last >= first);
    while (sortedRanges[nextIndex] !== undefined && sortedRanges[nextIndex]!.external.first <= first)
      active = [...active, sortedRanges[nextIndex++]!];
    if (active.length === 0) continue;
    const covering = active.map((mapped) => limitToExternal(mapped, external));
    externalRanges.push({
      external,
      before: covering.filter(({ time }) => time === 'before'),
      after: covering.filter(({ time }) => time === 'after'),
    });
  }
  return externalRanges.filter(({ before, after }) => !hasSameTargets(before, after));
}

function limitToExternal(mapped: MappedRange, external: Range): MappedRange {
  const distance = mapped.internal.first - mapped.external.first;
  return { ...mapped, external, internal: { first: external.first + distance, last: external.last + distance } };
}

const hasSameTargets = (before: readonly MappedRange[], after: readonly MappedRange[]): boolean =>
  before.length === after.length &&
  before.every(({ gateway, internal }) =>
    after.some((mapped) => mapped.gateway === gateway && isSameRange(mapped.internal, internal)),
  );

/** A change of one public range. `formerExternal`: the address that the same host gives up for it. */
export interface RangeChange extends ExternalRange {
  readonly formerExternal?: Range;
}

/**
 * Joins the address that a host loses with the one that it gets, where it loses one and gets one. Returns all changes
 * by address.
 */
function pairMoves(externalRanges: readonly ExternalRange[]): readonly RangeChange[] {
  const toHostKey = (mapped: readonly MappedRange[]): string =>
    mapped.map(({ internal }) => `${internal.first}-${internal.last}`).join();
  const added = externalRanges.filter(({ before }) => before.length === 0);
  const removedByHost = groupBy(
    externalRanges.filter(({ after }) => after.length === 0),
    ({ before }) => toHostKey(before),
  );
  const addedByHost = groupBy(added, ({ after }) => toHostKey(after));
  const formerRanges = new Map(
    added.flatMap((range) => {
      const hostKey = toHostKey(range.after);
      const removed = removedByHost.get(hostKey) ?? [];
      return removed.length === 1 && addedByHost.get(hostKey)!.length === 1 ? [[range, removed[0]!] as const] : [];
    }),
  );
  const movedAway = new Set(formerRanges.values());
  return externalRanges
    .filter((range) => !movedAway.has(range))
    .map((range) => {
      const former = formerRanges.get(range);
      return former ? { ...range, before: former.before, formerExternal: former.external } : range;
    });
}
