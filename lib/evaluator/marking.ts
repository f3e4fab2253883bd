import { PacketMap } from '../net/packet-map';
import { Chains } from './chains';
import { Context, Seen, comingInto, eitherSeen, eitherTracking, seenWith } from './context';
import { Marks, perhapsMarked } from './marks';
import { BaseChain, marksAmong } from './model';
import { ACCEPT, Outcome, optionsOf } from './outcomes';
import { Settings } from './settings';
import { neverTracked } from './untracking';

/** What comes of packets, by what they are told apart by. */
export function parted<V, R>(told: PacketMap<V>, of: (one: V) => PacketMap<R>): PacketMap<R> {
  const [only, ...more] = told.values;
  if (more.length === 0) return of(only!);
  return PacketMap.first(told.values.map((value) => of(value).within(told.where((one) => one === value))));
}

/** Lists of one priority, any of which may be first: what packets are to each, and behind all. */
interface Passed {
  readonly during: PacketMap<Seen>;
  readonly behind: PacketMap<Seen>;
}

/** How lists leave packets. */
export class Marking {
  constructor(
    private readonly chains: Chains,
    private readonly settings: Settings,
  ) {}

  /** `unordered`: something else of the hook has their priority, too. */
  passed(alike: readonly BaseChain[], seen: PacketMap<Seen>, context: Context, unordered: boolean): Passed {
    const setting = alike.filter((base) => this.settings.of(base).length > 0);
    const left = (base: BaseChain, from: PacketMap<Seen>): PacketMap<Seen> =>
      parted(from, (one) => this.left(base, { ...context, ...one }));
    const isMixed = setting.some((base) => unordered || alike.some((other) => other !== base && meetSome(other, base)));
    if (!isMixed) return { during: seen, behind: setting.reduce((all, base) => left(base, all), seen) };
    const blurred = seen.map(({ ct, marks }) => seenWith(ct, this.perhaps(setting, marks)));
    const each = setting.map((base) => left(base, blurred));
    const all = (of: (a: Context['ct'], b: Context['ct']) => Context['ct']): PacketMap<Seen> =>
      each.reduce((some, one) => some.with(one, (a, b) => seenWith(of(a!.ct, b!.ct), a!.marks)), blurred);
    const during = all(eitherTracking);
    return {
      during,
      behind: unordered
        ? during
        : all((a, b) => (a === 'untracked' ? a : b === 'untracked' ? b : eitherTracking(a, b))),
    };
  }

  /** Marks, whatever some lists do about them, or don't. */
  perhaps(some: readonly BaseChain[], marks: Marks): Marks {
    return perhapsMarked(marks, marksAmong(some.flatMap((base) => this.settings.of(base))));
  }

  private left(base: BaseChain, context: Context): PacketMap<Seen> {
    const { ct, marks } = comingInto(base.chain, context);
    const unchanged = seenWith(ct, marks);
    const left = this.chains.base(base, context, 'left').map((outcome) =>
      optionsOf(outcome)
        .map((one) => this.told(one, base, unchanged))
        .reduce(eitherSeen),
    );
    if (base.type !== 'nat') return left;
    // Nothing makes the kernel run it for these, or something does.
    const perhaps = left.map((one) => eitherSeen(unchanged, one)).within(neverTracked(this.chains.packets.facts));
    return perhaps.or(left);
  }

  private told(outcome: Outcome, base: BaseChain, unchanged: Seen): Seen {
    if (outcome.is === 'left') return outcome.as;
    return outcome === ACCEPT
      ? unchanged
      : seenWith(unchanged.ct === 'none' ? 'leaving' : unchanged.ct, this.perhaps([base], unchanged.marks));
  }
}

/** Whether one packet may meet both. */
const meetSome = ({ family: a }: BaseChain, { family: b }: BaseChain): boolean =>
  a === b || !(isOfOne(a) && isOfOne(b));
const isOfOne = (family: BaseChain['family']): boolean => family === 'ip' || family === 'ip6';
