import { Exposure, Verdict, View } from '../../reachability/exposure';
import { printRow } from '../../reachability/print';
import { rowsOf } from '../../reachability/rows';
import { Vantage, atVantage } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Noted } from './draft';

/** What nobody can say of running rules, each with its reason (a limit, an element that expires), by what a profile does to it. */
export interface Doubts {
  readonly opened: readonly Noted[];
  readonly closed: readonly Noted[];
}

export function doubtsBetween(before: Exposure, after: Exposure): Doubts {
  const found = before.views.map(({ vantage, verdicts }) => {
    const will = atVantage(after.views, vantage);
    const why = verdicts
      .map((verdict) => (verdict.is === 'unknown' ? verdict.because : undefined))
      .apartFrom(verdictsOf(will, 'unknown'));
    const allowed = verdictsOf(will, 'allowed');
    return { opened: notes(why.within(allowed), vantage), closed: notes(why.apartFrom(allowed), vantage) };
  });
  return { opened: once(found.flatMap(({ opened }) => opened)), closed: once(found.flatMap(({ closed }) => closed)) };
}

const verdictsOf = (view: View | undefined, which: Verdict['is']): PacketSet =>
  view?.verdicts.where(({ is }) => is === which) ?? PacketMap.NONE;

const SAID: Readonly<Record<Vantage['kind'], string>> = { interface: '', self: 'sent: ', localhost: 'to itself: ' };

const notes = (why: PacketMap<string>, { kind }: Vantage): readonly Noted[] =>
  rowsOf(why).map((row) => ({
    packets: SAID[kind] + printRow(row),
    why: `nobody can say whether it passes now: ${row.value}.`,
  }));

const once = (all: readonly Noted[]): readonly Noted[] => [
  ...new Map(all.map((one) => [`${one.packets} ${one.why}`, one])).values(),
];
