// Creates a rule of the ruleset model from a match of pf: the packets that must match and may match, the source line,
// and the action.

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
  const { uncertain, line } = match;
  const may = uncertain ? sure.unite(uncertain.packets.intersect(within)) : sure;
  if (may.isEmpty) return [];
  const newClient = uncertain?.newClient && sure.unite(uncertain.newClient.intersect(within));
  return [createPacketRule(toSourceLine(line), sure, may, uncertain?.reason ?? '', end, extraConditions, newClient)];
}

export const toSourceLine = ({ number, text, isName }: PfLine): RuleSource => ({
  line: number,
  text,
  ...(isName ? { isName } : {}),
});

export const createPacketRule = (
  line: RuleSource,
  must: PacketSet,
  may: PacketSet,
  reason: string,
  action: RuleAction,
  extraConditions: LoweredRule['conditions'] = [],
  newClient?: PacketSet,
): LoweredRule => ({
  ...line,
  conditions: [
    { is: 'packets', must, may: may.equals(must) ? must : may, reason, ...(newClient && { newClient }) },
    ...extraConditions,
  ],
  action,
});
