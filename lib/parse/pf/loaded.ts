import { Exposure } from '../../reachability/exposure';
import { Phase } from '../../reachability/phase';
import { Device, Vantage, vantagesOf } from '../../net/device';
import { Packet } from '../../net/packet';
import { STRANGERS_WORK, withinWork } from '../../net/work';
import { MORE_WORK } from '../../problems/more-work';
import { Refusal } from '../../problems/problem';
import { Explanation } from '../reader';
import { End, eitherEnd, viewOf } from '../../evaluator/ends';
import { Evaluation } from '../../evaluator/evaluate';
import { LoweredRuleset } from '../../evaluator/model';
import { tracing } from '../../evaluator/trace/trace';
import { SYN, passNoMoreThanFirst, strayFlags } from './lower/flags';
import { lowering } from './lower/lists';
import { PfRules } from './model';

/** Few rules that cut every axis somewhere else have more parts than there is memory. Throws Refusal `pf/too-much-to-evaluate`. */
export const withinPf = <T>(run: () => T): T =>
  withinWork(STRANGERS_WORK, run, () => {
    throw new Refusal([
      {
        code: 'pf/too-much-to-evaluate',
        where: 'the rules as a whole',
        what: 'to tell apart all packets that they tell apart takes more work than is spent on one text.',
        instead: `rules that share their lists and tables of addresses and ports. ${MORE_WORK}`,
      },
    ]);
  });

/** What a device does by the rules that it has loaded. Methods throw Refusal `pf/too-much-to-evaluate`. */
export class LoadedRules {
  private lowered: ((has: number) => LoweredRuleset) | undefined;
  private readonly met = new Map<number, LoweredRuleset>();
  private evaluated: Evaluation | undefined;
  private stray: Exposure | undefined;
  private traced: ReturnType<typeof tracing> | undefined;

  /** `each`: strays of every kind of flags are asked, also where first packets say it all, which has to come to the same. */
  constructor(
    private readonly rules: PfRules,
    private readonly device: Device,
    private readonly each?: 'each',
  ) {}

  /** What becomes of the first packet of a connection, from every vantage. */
  exposure(): Exposure {
    return withinPf(() => this.evaluation().exposure('first'));
  }

  /**
   * What becomes of a packet without a state that begins no connection. Rules are asked, and translate, as for a first one; but of TCP such
   * packets have other flags. What some of them pass passes. Source: FreeBSD pf.c, pf_test and pf_test_rule.
   */
  strays(): Exposure {
    return (this.stray ??= withinPf(() => this.evaluatedStrays()));
  }

  private evaluatedStrays(): Exposure {
    if (!this.each && passNoMoreThanFirst(this.rules)) {
      const first = this.exposure();
      if (!this.evaluation().asksOfAnswers) return first;
    }
    const kinds = strayFlags(this.rules).map((has) => new Evaluation(this.metByStrays(has), this.device).ends('first'));
    const ends = kinds.reduce((all, some) => all.map((one, i) => one.with(some[i]!, eitherOf)));
    return { views: vantagesOf(this.device).map((vantage, i) => viewOf(vantage, ends[i]!)) };
  }

  explain(vantage: Vantage, packet: Packet, phase: Phase): Explanation {
    if (phase !== 'stray') return (this.traced ??= tracing(this.asMet(SYN), this.device))(vantage, packet, 'first');
    return strayFlags(this.rules)
      .map((has) => tracing(this.metByStrays(has), this.device)(vantage, packet, 'first'))
      .reduce(eitherStray);
  }

  private evaluation(): Evaluation {
    return (this.evaluated ??= new Evaluation(this.asMet(SYN), this.device));
  }

  private asMet(has: number): LoweredRuleset {
    let found = this.met.get(has);
    if (!found) this.met.set(has, (found = (this.lowered ??= lowering(this.rules, this.device))(has)));
    return found;
  }

  /** Nobody answers strays, so that it doesn't matter whether an answer would pass. */
  private metByStrays(has: number): LoweredRuleset {
    return { ...this.asMet(has), answering: undefined };
  }
}

const FLAGS = 'it depends on its flags';

/** What either lets through. */
function eitherOf(x: End | undefined, y: End | undefined): End | undefined {
  if (!x || !y) return x ?? y;
  const is = x.verdict.is === 'allowed' ? x : y;
  const other = is === x ? y : x;
  if (other.verdict.is !== is.verdict.is || is.translation === other.translation) return is;
  return eitherEnd(is, other, FLAGS);
}

const RANK: Readonly<Record<Explanation['verdict'], number>> = { denied: 0, unknown: 1, allowed: 2 };

function eitherStray(a: Explanation, b: Explanation): Explanation {
  if (a.verdict !== b.verdict || a.verdict !== 'allowed') return RANK[b.verdict] > RANK[a.verdict] ? b : a;
  const same = a.leaves.destination === b.leaves.destination && a.leaves.port === b.leaves.port;
  return same ? a : { ...a, verdict: 'unknown', because: FLAGS, settledBy: [] };
}
