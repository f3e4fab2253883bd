import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Decision, End, LoweredRule, Said } from '../../../evaluator/model';
import { PfLine, PfMatch } from '../model';

export const verdict = (decision: Decision): End => ({ is: 'verdict', verdict: decision });

/** The rule, for packets of a set alone. */
export function matching(
  match: PfMatch,
  end: End,
  within = PacketMap.ALL,
  more: LoweredRule['conditions'] = [],
): readonly LoweredRule[] {
  const sure = match.packets.within(within);
  const may = match.perhaps ? sure.or(match.perhaps.packets.within(within)) : sure;
  return may.isEmpty ? [] : [ofPackets(lineOf(match.line), sure, may, match.perhaps?.because ?? '', end, more)];
}

export const lineOf = ({ number, text, isName }: PfLine): Said => ({
  line: number,
  text,
  ...(isName ? { isName } : {}),
});

export const ofPackets = (
  line: Said,
  sure: PacketSet,
  may: PacketSet,
  because: string,
  end: End,
  more: LoweredRule['conditions'] = [],
): LoweredRule => ({
  ...line,
  conditions: [{ is: 'packets', sure, may: may.equals(sure) ? sure : may, because }, ...more],
  end,
});
