import { Phase } from '../../exposure/phase';
import { PacketMap } from '../../net/packet-map';
import { Chains } from './chains';
import { Context } from './context';
import { ACCEPT, DROP, NOTRACK, Outcome, altered, bothOutcomes, orElse, unknownOutcome } from './outcomes';
import { Field } from './fields';
import { BaseChain, everyChain, fieldsOf } from './model';
import { CONNTRACK, isOrdered, seenAs, untracksLate } from './untracking';
import { isNamed } from '../foreign';

/** When things happen in a hook, as priorities. Source: linux/netfilter_ipv4.h. */
export const DNAT = -100;
export const SNAT = 100;

const NO_EFFECT = PacketMap.everywhere(ACCEPT);

interface Early {
  readonly said: PacketMap<Outcome>;
  readonly seen: PacketMap<Context['ct']>;
}
export const NOT_SEEN: Early['seen'] = PacketMap.everywhere('none');

/** The base chains of one hook after one another. */
export class Hooks {
  private readonly byHook = new Map<string, BaseChain[]>();
  /** Conditions are sets of packets: what a packet doesn't show is forgotten of the whole that they say, not rule by rule. */
  readonly bySets: boolean;
  /** Some rule asks what a packet was before it was translated. */
  readonly remembers: boolean;

  constructor(
    private readonly bases: readonly BaseChain[],
    private readonly chains: Chains,
  ) {
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

  /** What all filter chains between two priorities say: dropped by one is dropped. `from` and `to` are exclusive, chains at exactly `at` may run before or after. */
  filter(hook: string, context: Context, from: number, to: number, ordered?: 'ordered'): PacketMap<Outcome> {
    let all = NO_EFFECT;
    let alike = NO_EFFECT;
    let priority: number | undefined;
    for (const base of this.byHook.get(`${hook} filter`) ?? []) {
      if (base.priority < from || base.priority > to || !concerns(base, context)) continue;
      const own = this.chains.base(base, context, 'filter');
      const unordered = ordered === undefined && (base.priority === from || base.priority === to);
      const said = unordered ? own.map((one) => (one === DROP ? sameTime(base) : one)) : own;
      if (base.priority !== priority) {
        all = all.with(alike, (a, b) => bothOutcomes(a!, b!));
        alike = NO_EFFECT;
        priority = base.priority;
      }
      alike = alike.with(said, (a, b) => (b!.is === 'altered' ? b! : bothOutcomes(a!, b!)));
    }
    return all.with(alike, (a, b) => bothOutcomes(a!, b!));
  }

  /** What filters say that stand before connection tracking, and which packets it won't see: some rules take them out. */
  early(hook: string, at: Context, until: number, seen: PacketMap<Context['ct']>): Early {
    const of = (ct: Context['ct']): Context => ({ ...at, hook, ct });
    const some = (this.byHook.get(`${hook} filter`) ?? []).filter((base) => base.priority <= until && concerns(base, at));
    let early: Early = { said: NO_EFFECT, seen };
    for (const priority of new Set(some.map((base) => base.priority))) {
      const alike = some.filter((base) => base.priority === priority);
      const effects = alike.filter(({ untracks }) => untracks).map((base) => this.chains.base(base, of('none'), 'notrack'));
      const after = (sure: Context['ct']): Early['seen'] =>
        effects.reduce((all, effect) => all.with(effect, (ct, one) => leavingAt(ct!, one!, sure)), early.seen);
      const during = isOrdered(alike) ? early.seen : after('leaving');
      const maybeLate = priority === CONNTRACK && hook !== 'ingress';
      const said = during.values.map((ct) =>
        this.filter(hook, of(ct), priority, priority, maybeLate ? undefined : 'ordered').within(during.where((one) => one === ct)),
      );
      early = {
        said: early.said.with(PacketMap.first(said), (a, b) => bothOutcomes(a!, b!)),
        seen: after(maybeLate ? 'leaving' : 'untracked'),
      };
    }
    return early;
  }

  /** What connection tracking makes of packets that rules before it left, or took out. */
  tracked(hook: string, seen: Early['seen'], phase: Phase): Early['seen'] {
    const late = untracksLate(this.bases, hook);
    return seen.map((ct) => seenAs(ct, phase, late));
  }

  /** The first nat chain that translates decides; of chains with one priority either may be first. Of a session its first packet asks them. */
  nat(hook: string, asking: Context): PacketMap<Outcome> {
    if (asking.ct === 'none' || asking.ct === 'untracked' || asking.phase === 'stray') return NO_EFFECT;
    const said = this.translations(hook, { ...asking, phase: 'first' });
    const known = asking.phase === 'first' ? said : said.map((one) => (one === DROP ? ACCEPT : one));
    return asking.ct === 'unclear' ? known.map((one) => (one === ACCEPT ? one : unknownOutcome('it may not be tracked'))) : known;
  }

  private translations(hook: string, context: Context): PacketMap<Outcome> {
    let all = NO_EFFECT;
    let alike = NO_EFFECT;
    let priority: number | undefined;
    for (const base of this.byHook.get(`${hook} nat`) ?? []) {
      if (!concerns(base, context)) continue;
      const own = this.chains.base(base, context, 'nat');
      if (base.priority !== priority) {
        all = all.with(alike, (a, b) => orElse(a!, b!));
        alike = NO_EFFECT;
        priority = base.priority;
      }
      alike = alike.with(own, (a, b) => (a === ACCEPT || a === b ? b : b === ACCEPT ? a : sameTime(base)));
    }
    return all.with(alike, (a, b) => orElse(a!, b!));
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
      const at: Context = { ...UNCLEAR, hook: base.hook, phase };
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
