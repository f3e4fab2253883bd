import { Phase } from '../reachability/phase';
import { PROTOCOLS_WITH_PORTS } from '../net/packet';
import { PacketMap } from '../net/packet-map';
import { point } from '../net/range';
import { Chains } from './chains';
import { Context, Seen, eitherSeen, isBeforeParts, seenWith } from './context';
import { Marking, parted } from './marking';
import { Marks, UNKNOWN_MARKS } from './marks';
import {
  ACCEPT,
  DROP,
  Outcome,
  altered,
  bothOutcomes,
  either,
  optionsOf,
  orElse,
  translatesPort,
  unknownOutcome,
  withoutPort,
} from './outcomes';
import { Field } from './fields';
import { BaseChain, everyChain, fieldsOf } from './model';
import { BELOW, isMet } from './on-device';
import { Settings } from './settings';
import { TAGGED, passesTagged } from './vlan-tags';
import { neverTracked, seenAs, untracksLate } from './untracking';

/** When things happen in a hook, as priorities. Source: linux/netfilter_ipv4.h. */
export const DNAT = -100;
export const SNAT = 100;

const NO_EFFECT = PacketMap.everywhere(ACCEPT);

/** What lists say to packets, and what these are behind them. */
export interface Said {
  readonly said: PacketMap<Outcome>;
  readonly seen: PacketMap<Seen>;
}

/** The base chains of one hook after one another. */
export class Hooks {
  private readonly byHook = new Map<string, BaseChain[]>();
  private readonly settings = new Settings();
  private readonly marking: Marking;
  /** Conditions are sets of packets: what a packet doesn't show is forgotten of the whole that they say, not rule by rule. */
  readonly bySets: boolean;
  /** Some rule asks what a packet was before it was translated. */
  readonly remembers: boolean;

  constructor(
    private readonly bases: readonly BaseChain[],
    private readonly chains: Chains,
  ) {
    this.marking = new Marking(chains, this.settings);
    const rules = [...everyChain(bases)].flatMap((chain) => chain.rules);
    this.bySets = rules.some(({ conditions }) => conditions.some((one) => one.is === 'packets'));
    this.remembers = rules.some((rule) =>
      fieldsOf(rule).some((field) => asksOfOriginal(field) || (field.answers && asksOfOriginal(field.answers))),
    );
    for (const base of [...bases].sort((a, b) => a.priority - b.priority)) {
      if (base.family === 'arp' || base.family === 'bridge') continue;
      const key = `${base.hook} ${base.type === 'nat' ? 'nat' : 'filter'}`;
      const some = this.byHook.get(key);
      if (some) some.push(base);
      else this.byHook.set(key, [base]);
    }
  }

  /**
   * What all filter chains between two priorities say: dropped by one is dropped. `from` and `to` are exclusive, chains at exactly `at` may run before or
   * after.
   */
  filter(hook: string, context: Context, from: number, to: number): Said {
    let all = NO_EFFECT;
    let seen = seenIn(context);
    for (const alike of this.groups(`${hook} filter`, context)) {
      const { priority } = alike[0]!;
      if (priority < from || priority > to) continue;
      const unordered = priority === from || priority === to;
      const at: Context = { ...context, inParts: isBeforeParts(alike[0]!) };
      const { during, behind } = this.marking.passed(alike, seen, at, unordered);
      const said = parted(during, (one) => this.together(alike, { ...at, ...one }, unordered));
      all = all.with(said, (a, b) => bothOutcomes(a!, b!));
      seen = behind;
    }
    return { said: all, seen };
  }

  /** The same of packets that rules before may have told apart. */
  filterEach(hook: string, context: Omit<Context, keyof Seen>, seen: PacketMap<Seen>, from: number, to: number): Said {
    const each = new Map(seen.values.map((one) => [one, this.filter(hook, { ...context, ...one }, from, to)]));
    return { said: parted(seen, (one) => each.get(one)!.said), seen: parted(seen, (one) => each.get(one)!.seen) };
  }

  private together(alike: readonly BaseChain[], context: Context, unordered: boolean): PacketMap<Outcome> {
    return alike.reduce((all, base) => {
      const own = this.chains.base(base, context, 'filter');
      const doubt = unordered
        ? sameTime(base)
        : isMet(base, context) === 'perhaps'
          ? unknownOutcome(`line ${base.line}: ${BELOW}`)
          : context.anyShape && passesTagged(base)
            ? unknownOutcome(TAGGED)
            : undefined;
      const said = doubt ? own.map((one) => (one === DROP ? doubt : one)) : own;
      return all.with(said, (a, b) => (b!.is === 'altered' ? b! : bothOutcomes(a!, b!)));
    }, NO_EFFECT);
  }

  /** The chains of a hook that a packet meets, those of one priority together. */
  private groups(key: string, at: Pick<Context, 'iif' | 'oif'>): readonly (readonly BaseChain[])[] {
    const groups: BaseChain[][] = [];
    for (const base of this.byHook.get(key) ?? []) {
      if (isMet(base, at) === 'no') continue;
      const last = groups.at(-1);
      if (last?.[0]!.priority === base.priority) last.push(base);
      else groups.push([base]);
    }
    return groups;
  }

  /** What connection tracking makes of packets that rules before it left, or took out. */
  tracked(hook: string, seen: PacketMap<Seen>, phase: Phase): PacketMap<Seen> {
    const late = untracksLate(this.bases, hook, this.settings);
    return seen.map(({ ct, marks }) => seenWith(seenAs(ct, phase, late), marks));
  }

  /** The first nat chain that translates decides; of chains with one priority either may be first. Of a session its first packet asks them. */
  nat(hook: string, asking: Context): Said {
    const unasked = seenIn(asking);
    if (asking.ct === 'none' || asking.ct === 'untracked' || asking.phase === 'stray')
      return { said: NO_EFFECT, seen: unasked };
    const isFirst = asking.phase === 'first';
    // What marks the first packet of a later one's session had, that one doesn't tell.
    const marks = isFirst ? asking.marks : this.marking.perhaps(this.bases, asking.marks);
    const asked = this.translations(hook, { ...asking, phase: 'first', marks });
    const said = isFirst ? asked.said : asked.said.map((one) => (one === DROP ? ACCEPT : one));
    const seen = isFirst ? asked.seen : unasked;
    if (asking.ct !== 'unclear') return { said, seen };
    return {
      said: said.map((one) => (one === ACCEPT ? one : unknownOutcome('it may not be tracked'))),
      seen: seen.map((one) => eitherSeen(seenWith(asking.ct, asking.marks), one)),
    };
  }

  private translations(hook: string, context: Context): Said {
    let all = NO_EFFECT;
    let seen = seenIn(context);
    for (const alike of this.groups(`${hook} nat`, context)) {
      const { during, behind } = this.marking.passed(alike, seen, context, false);
      const said = parted(during, (one) => this.translatingFirst(alike, { ...context, ...one }));
      seen = comingThere(all, seen, behind);
      all = all.with(said, (a, b) => orElse(a!, b!));
    }
    return { said: all, seen };
  }

  private translatingFirst(alike: readonly BaseChain[], context: Context): PacketMap<Outcome> {
    return alike.reduce(
      (some, base) => some.with(this.translating(base, context), (a, b) => eitherFirst(a!, b!, base)),
      NO_EFFECT,
    );
  }

  /** A nat chain in a family that nothing makes the kernel track is not run: whether it drops, the text doesn't say. */
  private translating(base: BaseChain, context: Context): PacketMap<Outcome> {
    const said = withoutPorts(this.chains.base(base, context, 'nat'));
    if (!said.values.includes(DROP)) return said;
    return said
      .within(neverTracked(this.chains.packets.facts))
      .map((one) =>
        one === DROP ? unknownOutcome(`line ${base.line}: nothing makes the kernel run this nat chain`) : one,
      )
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
    const keys = bases
      .filter((base) => isMet(base, context) !== 'no')
      .map(({ chain }) => this.chains.contexts.contextFor(chain, context));
    return `${hook} ${context.ct} ${context.phase} ${[...new Set(keys)].join(' ')}`;
  }

  has(hook: string, kind: 'nat' | 'filter', from = -Infinity): boolean {
    return (this.byHook.get(`${hook} ${kind}`) ?? []).some(({ priority }) => priority >= from);
  }

  hasBridged(hook: string): boolean {
    return this.bases.some((base) => base.family === 'bridge' && base.hook === hook);
  }

  /** Tables of bridges see what is on a port of one; which those are, nobody told. */
  bridged(hooks: readonly string[], phase: Phase, anyShape: boolean): PacketMap<Outcome> {
    let all = NO_EFFECT;
    for (const base of this.bases) {
      if (base.family !== 'bridge' || !hooks.includes(base.hook)) continue;
      const at: Context = {
        ...UNCLEAR,
        hook: base.hook,
        phase,
        marks: UNKNOWN_MARKS,
        anyShape,
        inParts: isBeforeParts(base),
      };
      const because = `line ${base.line}: a bridge chain may see it`;
      const own = this.chains
        .base(base, at, 'filter')
        .with(this.chains.base(base, { ...at, ct: 'none' }, 'left'), (a, b) =>
          isLeftAlone(b!) ? a! : altered(because),
        );
      all = all.with(own, (a, b) =>
        bothOutcomes(a!, b === ACCEPT ? ACCEPT : b!.is === 'altered' ? altered(because) : unknownOutcome(because)),
      );
    }
    return all;
  }
}

const PORTLESS = PacketMap.ALL.apartFrom(PacketMap.set({ protocol: PROTOCOLS_WITH_PORTS.map(point) }));

/** Of packets without ports none is translated: the type of an ICMP message stays. Source: nf_nat_l4proto_unique_tuple in nf_nat_core.c. */
function withoutPorts(said: PacketMap<Outcome>): PacketMap<Outcome> {
  if (!said.values.some((one) => optionsOf(one).some(translatesPort))) return said;
  return said.within(PORTLESS).map(withoutPort).or(said);
}

const UNCLEAR = { iif: undefined, oif: undefined, ct: 'unclear', dnat: false, snat: 'unclear', own: false } as const;

export const seenIn = ({ ct, marks }: Context): PacketMap<Seen> => PacketMap.everywhere(seenWith(ct, marks));

/** What was translated by an earlier chain doesn't come to the next. */
function comingThere(earlier: PacketMap<Outcome>, before: PacketMap<Seen>, behind: PacketMap<Seen>): PacketMap<Seen> {
  const comes = earlier.where((one) => one === ACCEPT);
  const may = earlier.where((one) => one.is === 'unknown' || one.is === 'altered' || optionsOf(one).includes(ACCEPT));
  const perhaps = before.with(behind, (a, b) => eitherSeen(a!, b!));
  return behind.within(comes).or(perhaps.within(may)).or(before);
}

/** Nothing takes it out of connection tracking. */
const isLeftAlone = (outcome: Outcome): boolean =>
  optionsOf(outcome).every((one) => one === ACCEPT || (one.is === 'left' && one.as.ct === 'none'));

const sameTime = (base: BaseChain): Outcome => unknownOutcome(eitherMayBeFirst(base));

const eitherMayBeFirst = ({ line, priority }: BaseChain): string =>
  `line ${line}: another part of the hook has priority ${priority}, either may be first`;

/** Whichever of two is first: what it translates, or else the other. */
function eitherFirst(a: Outcome, b: Outcome, base: BaseChain): Outcome {
  if (a === ACCEPT || b === ACCEPT) return a === ACCEPT ? b : a;
  const isSure = [a, b].some((one) => !optionsOf(one).includes(ACCEPT));
  const options = [a, b].flatMap(optionsOf).filter((one) => !(isSure && one === ACCEPT));
  return options.reduce((all, one) => either(all, one, eitherMayBeFirst(base))!);
}

const asksOfOriginal = ({ looksAt }: Field): boolean =>
  (looksAt.is === 'address' && looksAt.axis === 'originalDestination') ||
  (looksAt.is === 'number' && looksAt.axis === 'originalPort');
