import { Phase } from '../../exposure/phase';
import { PacketMap } from '../../net/packet-map';
import { Chains } from './chains';
import { Context } from './context';
import { Marking, Seen, parted, seenWith } from './marking';
import { Marks, UNKNOWN_MARKS, eitherMarks } from './marked';
import { ACCEPT, DROP, NOTRACK, Outcome, altered, bothOutcomes, optionsOf, orElse, unknownOutcome } from './outcomes';
import { Field } from './fields';
import { BaseChain, everyChain, fieldsOf } from './model';
import { CONNTRACK, isOrdered, neverTracked, seenAs, untracksLate } from './untracking';
import { isNamed } from '../foreign';

/** When things happen in a hook, as priorities. Source: linux/netfilter_ipv4.h. */
export const DNAT = -100;
export const SNAT = 100;

const NO_EFFECT = PacketMap.everywhere(ACCEPT);

/** What lists say to packets, and which marks these have behind them. */
export interface Said {
  readonly said: PacketMap<Outcome>;
  readonly marks: PacketMap<Marks>;
}

interface Early {
  readonly said: PacketMap<Outcome>;
  readonly seen: PacketMap<Seen>;
}

/** The base chains of one hook after one another. */
export class Hooks {
  private readonly byHook = new Map<string, BaseChain[]>();
  private readonly marking: Marking;
  /** Conditions are sets of packets: what a packet doesn't show is forgotten of the whole that they say, not rule by rule. */
  readonly bySets: boolean;
  /** Some rule asks what a packet was before it was translated. */
  readonly remembers: boolean;

  constructor(
    private readonly bases: readonly BaseChain[],
    private readonly chains: Chains,
  ) {
    this.marking = new Marking(chains);
    const rules = [...everyChain(bases)].flatMap((chain) => chain.rules);
    this.bySets = rules.some(({ conditions }) => conditions.some((one) => one.is === 'packets'));
    this.remembers = rules.some((rule) =>
      fieldsOf(rule).some((field) => asksOfOriginal(field) || (field.answers && asksOfOriginal(field.answers))),
    );
    for (const base of [...bases].sort((a, b) => a.priority - b.priority)) {
      if (base.family === 'arp' || base.family === 'bridge') continue;
      const key = `${base.hook} ${base.type === 'nat' ? 'nat' : 'filter'}`;
      this.byHook.set(key, [...(this.byHook.get(key) ?? []), base]);
    }
  }

  /**
   * What all filter chains between two priorities say: dropped by one is dropped. `from` and `to` are exclusive, chains at exactly `at` may run before or
   * after.
   */
  filter(hook: string, context: Context, from: number, to: number, ordered?: 'ordered'): Said {
    let all = NO_EFFECT;
    let marks = PacketMap.everywhere(context.marks);
    for (const alike of this.groups(`${hook} filter`, context)) {
      const { priority } = alike[0]!;
      if (priority < from || priority > to) continue;
      const unordered = ordered === undefined && (priority === from || priority === to);
      const before = this.marking.before(alike, marks, unordered);
      const said = parted(before, (one) => this.together(alike, { ...context, marks: one }, unordered));
      all = all.with(said, (a, b) => bothOutcomes(a!, b!));
      marks = this.marking.behind(alike, before, context, unordered);
    }
    return { said: all, marks };
  }

  private together(alike: readonly BaseChain[], context: Context, unordered: boolean): PacketMap<Outcome> {
    return alike.reduce((all, base) => {
      const own = this.chains.base(base, context, 'filter');
      const said = unordered ? own.map((one) => (one === DROP ? sameTime(base) : one)) : own;
      return all.with(said, (a, b) => (b!.is === 'altered' ? b! : bothOutcomes(a!, b!)));
    }, NO_EFFECT);
  }

  /** The chains of a hook that a packet meets, those of one priority together. */
  private groups(key: string, at: Pick<Context, 'iif' | 'oif'>): readonly (readonly BaseChain[])[] {
    const met = (this.byHook.get(key) ?? []).filter((base) => concerns(base, at));
    return [...new Set(met.map(({ priority }) => priority))].map((one) => met.filter(({ priority }) => priority === one));
  }

  /** What filters say that stand before connection tracking, and what packets are behind them: some rules take them out of it. */
  early(hook: string, at: Omit<Context, 'ct' | 'marks'>, until: number, seen: PacketMap<Seen>): Early {
    let early: Early = { said: NO_EFFECT, seen };
    for (const alike of this.groups(`${hook} filter`, at)) {
      if (alike[0]!.priority > until) break;
      const steps = new Map(early.seen.values.map((one) => [one, this.earlyStep(hook, { ...at, hook }, alike, one)]));
      early = {
        said: early.said.with(
          parted(early.seen, (one) => steps.get(one)!.said),
          (a, b) => bothOutcomes(a!, b!),
        ),
        seen: parted(early.seen, (one) => steps.get(one)!.seen),
      };
    }
    return early;
  }

  private earlyStep(hook: string, at: Omit<Context, 'ct' | 'marks'>, alike: readonly BaseChain[], { ct: was, marks }: Seen): Early {
    const { priority } = alike[0]!;
    const effects = alike.filter(({ untracks }) => untracks).map((base) => this.chains.base(base, { ...at, ct: 'none', marks }, 'notrack'));
    const after = (sure: Context['ct']): PacketMap<Context['ct']> =>
      effects.reduce((all, effect) => all.with(effect, (ct, one) => leavingAt(ct!, one!, sure)), PacketMap.everywhere(was));
    const during = isOrdered(alike) ? PacketMap.everywhere(was) : after('leaving');
    const maybeLate = priority === CONNTRACK && hook !== 'ingress';
    const filters = new Map(
      during.values.map((ct) => [ct, this.filter(hook, { ...at, ct, marks }, priority, priority, maybeLate ? undefined : 'ordered')]),
    );
    const left = parted(during, (ct) => filters.get(ct)!.marks);
    return {
      said: parted(during, (ct) => filters.get(ct)!.said),
      seen: after(maybeLate ? 'leaving' : 'untracked').with(left, (ct, one) => seenWith(ct!, one!)),
    };
  }

  /** What connection tracking makes of packets that rules before it left, or took out. */
  tracked(hook: string, seen: PacketMap<Seen>, phase: Phase): PacketMap<Seen> {
    const late = untracksLate(this.bases, hook);
    return seen.map(({ ct, marks }) => seenWith(seenAs(ct, phase, late), marks));
  }

  /** The first nat chain that translates decides; of chains with one priority either may be first. Of a session its first packet asks them. */
  nat(hook: string, asking: Context): Said {
    const unmarked = PacketMap.everywhere(asking.marks);
    if (asking.ct === 'none' || asking.ct === 'untracked' || asking.phase === 'stray') return { said: NO_EFFECT, marks: unmarked };
    const isFirst = asking.phase === 'first';
    // What marks the first packet of a later one's session had, that one doesn't tell.
    const marks = isFirst ? asking.marks : this.marking.perhaps(this.bases, asking.marks);
    const asked = this.translations(hook, { ...asking, phase: 'first', marks });
    const known = isFirst ? asked.said : asked.said.map((one) => (one === DROP ? ACCEPT : one));
    if (asking.ct !== 'unclear') return { said: known, marks: isFirst ? asked.marks : unmarked };
    return {
      said: known.map((one) => (one === ACCEPT ? one : unknownOutcome('it may not be tracked'))),
      marks: isFirst ? asked.marks.map((one) => eitherMarks(asking.marks, one)) : unmarked,
    };
  }

  private translations(hook: string, context: Context): Said {
    let all = NO_EFFECT;
    let marks = PacketMap.everywhere(context.marks);
    for (const alike of this.groups(`${hook} nat`, context)) {
      const before = this.marking.before(alike, marks, false);
      const said = parted(before, (one) =>
        alike.reduce(
          (some, base) =>
            some.with(this.translating(base, { ...context, marks: one }), (a, b) =>
              a === ACCEPT || a === b ? b : b === ACCEPT ? a : sameTime(base),
            ),
          NO_EFFECT,
        ),
      );
      marks = comingThere(all, marks, this.marking.behind(alike, before, context, false));
      all = all.with(said, (a, b) => orElse(a!, b!));
    }
    return { said: all, marks };
  }

  /** A nat chain in a family that nothing makes the kernel track is not run: whether it drops, the text doesn't say. */
  private translating(base: BaseChain, context: Context): PacketMap<Outcome> {
    const said = this.chains.base(base, context, 'nat');
    if (!said.values.includes(DROP)) return said;
    return said
      .within(neverTracked(this.chains.packets.facts))
      .map((one) => (one === DROP ? unknownOutcome(`line ${base.line}: nothing makes the kernel run this nat chain`) : one))
      .or(said);
  }

  /** Which marks packets may have behind filters of a hook. */
  perhapsMarked(hook: string, from: number, marks: Marks): Marks {
    const filters = this.bases.filter((base) => base.hook === hook && base.priority >= from && base.type !== 'nat');
    return this.marking.perhaps(filters, marks);
  }

  /** What of a context the chains of a hook can tell apart. */
  lookedAt(hook: string, context: Context): string {
    const bases = [...(this.byHook.get(`${hook} filter`) ?? []), ...(this.byHook.get(`${hook} nat`) ?? [])];
    const keys = bases.filter((base) => concerns(base, context)).map(({ chain }) => this.chains.contexts.contextFor(chain, context));
    return `${hook} ${context.ct} ${context.phase} ${[...new Set(keys)].join(' ')}`;
  }

  has(hook: string, kind: 'nat' | 'filter', from = -Infinity): boolean {
    return (this.byHook.get(`${hook} ${kind}`) ?? []).some(({ priority }) => priority >= from);
  }

  /** Bridge tables see packets on the ports of a bridge; which those are, the facts don't say. */
  bridged(phase: Phase): PacketMap<Outcome> {
    let all = NO_EFFECT;
    for (const base of this.bases) {
      if (base.family !== 'bridge') continue;
      const at: Context = { ...UNCLEAR, hook: base.hook, phase, marks: UNKNOWN_MARKS };
      const because = `line ${base.line}: a bridge chain may see it`;
      const own = this.chains
        .base(base, at, 'filter')
        .with(this.chains.base(base, at, 'notrack'), (a, b) => (b === ACCEPT ? a! : altered(because)));
      all = all.with(own, (a, b) =>
        bothOutcomes(a!, b === ACCEPT ? ACCEPT : b!.is === 'altered' ? altered(because) : unknownOutcome(because)),
      );
    }
    return all;
  }
}

const UNCLEAR = { iif: undefined, oif: undefined, ct: 'unclear', dnat: false, snat: 'unclear', own: false } as const;

/** What was translated by an earlier chain doesn't come to the next. */
function comingThere(earlier: PacketMap<Outcome>, before: PacketMap<Marks>, behind: PacketMap<Marks>): PacketMap<Marks> {
  const comes = earlier.where((one) => one === ACCEPT);
  const may = earlier.where((one) => one.is === 'unknown' || one.is === 'altered' || optionsOf(one).includes(ACCEPT));
  const perhaps = before.with(behind, (a, b) => eitherMarks(a!, b!));
  return behind.within(comes).or(perhaps.within(may)).or(before);
}

/** What connection tracking will make of a packet after a chain that takes it out, or may. */
const leavingAt = (ct: Context['ct'], effect: Outcome, sure: Context['ct']): Context['ct'] =>
  ct === 'untracked' || effect === ACCEPT ? ct : effect === NOTRACK ? sure : 'leaving';

const sameTime = (base: BaseChain): Outcome =>
  unknownOutcome(`line ${base.line}: another part of the hook has priority ${base.priority}, either may be first`);

const asksOfOriginal = ({ looksAt }: Field): boolean =>
  (looksAt.is === 'address' && looksAt.axis === 'originalDestination') || (looksAt.is === 'number' && looksAt.axis === 'originalPort');

/** Whether a chain that stands on devices is asked on this one; those of the ingress and egress hooks always do. */
function concerns({ hook, devices }: BaseChain, { iif, oif }: Pick<Context, 'iif' | 'oif'>): boolean {
  if (devices.length === 0 && hook !== 'ingress' && hook !== 'egress') return true;
  const own = hook === 'egress' || hook === 'postrouting' ? oif : iif;
  return own === undefined || devices.some((device) => isNamed(own, device));
}
