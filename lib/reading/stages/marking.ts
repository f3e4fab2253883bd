import { Told } from '../../net/interned';
import { PacketMap } from '../../net/packet-map';
import { Chains } from './chains';
import { Context } from './context';
import { MarkChange, Marks, eitherMarks, perhapsMarked } from './marked';
import { BaseChain, everyChain } from './model';
import { ACCEPT, Outcome, optionsOf } from './outcomes';
import { neverTracked } from './untracking';

/** What a packet is to the rules behind some others. Interned. */
export interface Seen {
  readonly ct: Context['ct'];
  readonly marks: Marks;
}

const seen = new Told<Marks, Seen>();
export const seenWith = (ct: Context['ct'], marks: Marks): Seen => seen.of(marks, ct, () => ({ ct, marks }));

/** What comes of packets, by what they are told apart by. */
export function parted<V, R>(told: PacketMap<V>, of: (one: V) => PacketMap<R>): PacketMap<R> {
  const [only, ...more] = told.values;
  if (more.length === 0) return of(only!);
  return PacketMap.first(told.values.map((value) => of(value).within(told.where((one) => one === value))));
}

/** How lists leave the marks of packets. */
export class Marking {
  private readonly changes = new Map<BaseChain, readonly MarkChange[]>();

  constructor(private readonly chains: Chains) {}

  /** As lists of one priority meet them: where one sets some, the others may come before it or after. */
  before(alike: readonly BaseChain[], marks: PacketMap<Marks>, unordered: boolean): PacketMap<Marks> {
    return this.isMixed(alike, unordered) ? marks.map((one) => this.perhaps(alike, one)) : marks;
  }

  behind(alike: readonly BaseChain[], before: PacketMap<Marks>, context: Context, unordered: boolean): PacketMap<Marks> {
    if (this.isMixed(alike, unordered)) return before;
    const setting = alike.filter((base) => this.changesOf(base).length > 0);
    return setting.reduce((marks, base) => parted(marks, (one) => this.left(base, { ...context, marks: one })), before);
  }

  perhaps(some: readonly BaseChain[], marks: Marks): Marks {
    return perhapsMarked(
      marks,
      some.flatMap((base) => this.changesOf(base)),
    );
  }

  private isMixed(alike: readonly BaseChain[], unordered: boolean): boolean {
    const setting = alike.filter((base) => this.changesOf(base).length > 0);
    return setting.some((base) => unordered || alike.some((other) => other !== base && meetSome(other, base)));
  }

  private changesOf(base: BaseChain): readonly MarkChange[] {
    let found = this.changes.get(base);
    if (!found) this.changes.set(base, (found = [...everyChain([base])].flatMap(({ marks = [] }) => marks)));
    return found;
  }

  private left(base: BaseChain, context: Context): PacketMap<Marks> {
    const { marks } = context;
    const left = this.chains.base(base, context, 'marks').map((outcome) =>
      optionsOf(outcome)
        .map((one) => this.told(one, base, marks))
        .reduce((a, b) => eitherMarks(a, b)),
    );
    if (base.type !== 'nat') return left;
    // Nothing makes the kernel run it for these, or something does.
    const perhaps = left.map((one) => eitherMarks(marks, one)).within(neverTracked(this.chains.packets.facts));
    return perhaps.or(left);
  }

  private told(outcome: Outcome, base: BaseChain, marks: Marks): Marks {
    if (outcome.is === 'marked') return outcome.marks;
    return outcome === ACCEPT ? marks : this.perhaps([base], marks);
  }
}

/** Whether one packet may meet both. */
const meetSome = ({ family: a }: BaseChain, { family: b }: BaseChain): boolean => a === b || !(isOfOne(a) && isOfOne(b));
const isOfOne = (family: BaseChain['family']): boolean => family === 'ip' || family === 'ip6';
