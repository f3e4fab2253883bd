import { LaterPhase, Phase } from '../../../exposure/phase';
import { Device, Vantage } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { STRANGERS_WORK, withinWork } from '../../../net/work';
import { MORE_WORK } from '../../../problems/more-work';
import { Explanation, Reader, Reading } from '../../../reading/reader';
import { Evaluation } from '../../../reading/stages/evaluate';
import { trace } from '../../../reading/stages/trace/trace';
import { yielding } from '../../../reading/stages/yielding';
import { lower } from './lower';
import { parseSaved } from './parse';
import { refuse } from './problems';

const withinMost = <T>(run: () => T): T =>
  withinWork(STRANGERS_WORK, run, () => {
    const what = 'to tell apart all packets that it tells apart takes more work than is spent on one text.';
    return refuse('too-much-to-evaluate', 1, what, `rules that share their sets of addresses and ports. ${MORE_WORK}`);
  });

/** Reads what `iptables-save`, `ip6tables-save` and `ipset save` print, one after the other, and files for `iptables-restore`. */
export const reader: Reader = {
  read(text: string, device: Device): Reading {
    return withinMost(() => {
      const saved = parseSaved(text);
      const ruleset = lower(saved);
      const evaluation = new Evaluation(ruleset, device);
      return {
        touches: [...new Set(saved.tables.map(({ family, name }) => `table ${family} ${name}`))].sort(),
        addsTo: [],
        yields: yielding(ruleset),
        announces: undefined,
        exposure: evaluation.exposure('first'),
        later: (phase: LaterPhase) => withinMost(() => evaluation.exposure(phase)),
        explain: (vantage: Vantage, packet: Packet, phase: Phase = 'first'): Explanation => trace(ruleset, device, vantage, packet, phase),
      };
    });
  },
};
