import { Exposure, View, endingOf } from '../../../exposure/exposure';
import { LaterPhase, Phase } from '../../../exposure/phase';
import { Device, Vantage } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { Explanation, Reader, Reading } from '../../../reading/reader';
import { STRANGERS_WORK, withinWork } from '../../../net/work';
import { MORE_WORK } from '../../../problems/more-work';
import { Evaluation } from '../../../reading/stages/evaluate';
import { parseRuleset } from './parse';
import { refuse } from './problems';
import { trace } from '../../../reading/stages/trace/trace';
import { understand } from './understand';
import { yielding } from '../../../reading/stages/yielding';

/** Few rules that cut every axis somewhere else have more parts than there is memory. */
const withinMost = <T>(run: () => T): T =>
  withinWork(STRANGERS_WORK, run, () => {
    const what = 'to tell apart all packets that it tells apart takes more work than is spent on one text.';
    return refuse('too-much-to-evaluate', 1, what, `rules that share their sets of addresses and ports. ${MORE_WORK}`);
  });

/** What is made for those who ask has the same limit. */
const limited = ({ views }: Exposure): Exposure => ({
  views: views.map((view) => ({
    vantage: view.vantage,
    verdicts: view.verdicts,
    get translations(): View['translations'] {
      return withinMost(() => view.translations);
    },
    get ending(): View['translations'] {
      return withinMost(() => endingOf(view));
    },
  })),
});

/** Reads whole rulesets: what `nft list ruleset` prints, and files that define everything they use. */
export const reader: Reader = {
  read(text: string, device: Device): Reading {
    return withinMost(() => {
      const parsed = parseRuleset(text);
      const ruleset = understand(parsed);
      const evaluation = new Evaluation(ruleset, device);
      return {
        touches: [...parsed.touches].sort(),
        addsTo: [...parsed.addsTo].sort(),
        yields: yielding(ruleset),
        announces: undefined,
        exposure: limited(evaluation.exposure('first')),
        later: (phase: LaterPhase) => limited(withinMost(() => evaluation.exposure(phase))),
        explain: (vantage: Vantage, packet: Packet, phase: Phase = 'first'): Explanation => trace(ruleset, device, vantage, packet, phase),
      };
    });
  },
};
