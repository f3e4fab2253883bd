import { LaterPhase, Phase } from '../../../exposure/phase';
import { Device, Vantage } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { Explanation, Reader, Reading } from '../../../reading/reader';
import { TooMuchWork, withinWork } from '../../../net/node';
import { Evaluation } from './evaluate';
import { parseRuleset } from './parse';
import { refuse } from './problems';
import { trace } from './trace';
import { understand } from './understand';
import { yielding } from './yielding';

/**
 * Twice what ten thousand servers with a rule for each of their twenty ports take. A few hundred rules that cut every axis somewhere
 * else have more parts than there is memory.
 */
const MOST_WORK = 20_000_000;

function withinMost<T>(evaluated: () => T): T {
  try {
    return withinWork(MOST_WORK, evaluated);
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
    const what = 'its rules tell more kinds of packets apart than can be held at once.';
    return refuse('too-much-to-evaluate', 1, what, 'rules that share their sets of addresses and ports; fewer that cut each other.');
  }
}

/** Reads whole rulesets: what `nft list ruleset` prints, and files that define everything they use. */
export const reader: Reader = {
  read(text: string, device: Device): Reading {
    const parsed = parseRuleset(text);
    const ruleset = understand(parsed);
    const evaluation = new Evaluation(ruleset, device);
    return {
      touches: [...parsed.touches].sort(),
      addsTo: [...parsed.addsTo].sort(),
      yields: yielding(ruleset),
      announces: undefined,
      exposure: withinMost(() => evaluation.exposure('first')),
      later: (phase: LaterPhase) => withinMost(() => evaluation.exposure(phase)),
      explain: (vantage: Vantage, packet: Packet, phase: Phase = 'first'): Explanation => trace(ruleset, device, vantage, packet, phase),
    };
  },
};
