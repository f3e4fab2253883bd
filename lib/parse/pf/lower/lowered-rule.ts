import { PacketMap, PacketSet } from '../../../net/packet-map';
import { RuleVerdict, RuleAction, LoweredRule, RuleSource } from '../../../evaluator/ruleset-model';
import { PfLine, PfMatch } from '../model';

export const createVerdict = (decision: RuleVerdict): RuleAction => ({ is: 'verdict', verdict: decision });

/** Lowers a match, limited to the packets of `within`. */
export function lowerMatch(
  match: PfMatch,
  end: RuleAction,
  within = PacketMap.ALL,
  extraConditions: LoweredRule['conditions'] = [],
): readonly LoweredRule[] {
  const sure = match.packets.intersect(within);
  const may = match.perhaps ? sure.unite(match.perhaps.packets.intersect(within)) : sure;
  return may.isEmpty
    ? []
    : [createPacketRule(toSourceLine(match.line), sure, may, match.perhaps?.because ?? '', end, extraConditions)];
}

export const toSourceLine = ({ number, text, isName }: PfLine): RuleSource => ({
  line: number,
  text,
  ...(isName ? { isName } : {}),
});

export const createPacketRule = (
  line: RuleSource,
  sure: PacketSet,
  may: PacketSet,
  reason: string,
  end: RuleAction,
  extraConditions: LoweredRule['conditions'] = [],
): LoweredRule => ({
  ...line,
  conditions: [{ is: 'packets', sure, may: may.equals(sure) ? sure : may, because: reason }, ...extraConditions],
  end,
});
