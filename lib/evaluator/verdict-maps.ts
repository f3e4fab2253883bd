// Evaluates the map of a rule (a verdict map or a translation map): returns for each packet the result of the entry
// that holds it.
import { TextInternTable } from '../net/intern-tables';
import { PacketMap } from '../net/packet-map';
import { PacketContext } from './packet-context';
import { MatchBounds, buildUnionMap } from './packets/match-bounds';
import {
  CONTINUE_RESULT,
  ChainResult,
  mergeChainResults,
  createChainResult,
  createUnknownOutcome,
} from './chain-outcomes';
import { ConditionEvaluator } from './packets/condition-evaluator';
import { Region, createPacketMap, createPacketSet, uniteRegions } from './packets/regions';
import { RuleVerdict, RuleAction, LoweredChain } from './ruleset-model';

/** The result of one entry of a map. Entries with one key have the same result. */
interface EntryResult {
  readonly key: unknown;
  readonly make: (region: Region | undefined) => PacketMap<ChainResult>;
}

/**
 * Returns what a map action does with packets. The entries exclude one another. The default is for keys that no entry
 * holds, also where an entry only continues. Packets without a result go on with the next rule.
 */
export function evaluateMap(
  end: RuleAction & { is: 'choose' | 'look up' },
  line: number,
  context: PacketContext,
  conditions: ConditionEvaluator,
  getResult: (entry: number, region: Region | undefined) => EntryResult,
): PacketMap<ChainResult> {
  const exactGroups = new Map<unknown, { regions: (Region | undefined)[]; make: EntryResult['make'] }>();
  const inexactEntries: { readonly extent: MatchBounds; readonly make: EntryResult['make'] }[] = [];
  let defaultEntry: { readonly extent: MatchBounds; readonly make: EntryResult['make'] } | undefined;
  (end.is === 'choose' ? end.choices : end.entries).forEach((entry, i) => {
    const bounds = conditions.evaluateTuple(end.fields, entry, context);
    const { key, make: createMap } = getResult(i, bounds.may);
    if (entry.values.every(({ is }) => is === 'any')) defaultEntry = { extent: bounds, make: createMap };
    else if (bounds.must !== bounds.may) inexactEntries.push({ extent: bounds, make: createMap });
    else {
      const group = exactGroups.get(key);
      if (group) group.regions.push(bounds.must);
      else exactGroups.set(key, { regions: [bounds.must], make: createMap });
    }
  });
  const groups = [...exactGroups.values()];
  const certain = PacketMap.mergeFirst(groups.map(({ regions, make: createMap }) => buildUnionMap(regions, createMap)));
  if (!defaultEntry && inexactEntries.length === 0 && !end.dynamic) return certain;
  let inexact = PacketMap.createEmpty<ChainResult>();
  const addEntry = ({
    extent: bounds,
    make: createMap,
  }: {
    readonly extent: MatchBounds;
    readonly make: EntryResult['make'];
  }): void => {
    const reason = `line ${line}: ${bounds.reason}`;
    const entryMap = createMap(bounds.may).unite(createPacketMap(CONTINUE_RESULT, bounds.may));
    const mustPackets = createPacketSet(bounds.must);
    const mayMap = entryMap.subtract(mustPackets);
    inexact = entryMap
      .intersect(mustPackets)
      .unite(inexact.merge(mayMap, (a, b) => (b ? mergeChainResults(b, a ?? CONTINUE_RESULT, reason) : a)));
  };
  if (defaultEntry) addEntry(defaultEntry);
  for (const entryBounds of inexactEntries) addEntry(entryBounds);
  if (end.dynamic) {
    const reason = `line ${line}: rules add to its map`;
    const unclear = createChainResult(createUnknownOutcome(reason), false, true, reason);
    inexact = PacketMap.createConstant(unclear).merge(inexact, (a, b) =>
      mergeChainResults(a!, b ?? CONTINUE_RESULT, reason),
    );
  }
  const exactPackets = uniteRegions<true>(
    true,
    groups.flatMap(({ regions }) => regions),
  );
  return certain.unite(inexact.subtract(exactPackets));
}

const jumpKeys = new TextInternTable<LoweredChain, object>();

/** Returns a key that is equal for verdicts with the same result. */
export function getVerdictKey(verdict: RuleVerdict): object | string {
  switch (verdict.is) {
    case 'jump':
    case 'goto':
      return jumpKeys.getOrCreate(verdict.chain, verdict.is, () => ({}));
    case 'pass':
    case 'opaque':
      return verdict;
    default:
      return verdict.is;
  }
}
