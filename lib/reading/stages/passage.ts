import { Told } from '../../net/interned';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Rewrite, Translation, moved, set, translation, unclear, unknown } from '../../exposure/exposure';
import { familyOf } from '../../net/address';
import { Move } from '../../net/packet';
import { Range, contains } from '../../net/range';
import { rewritten } from './actions';
import { Context, TRACKED } from './context';
import { DNAT, Hooks } from './hooks';
import { Leaving, leaving } from './leaving';
import { ACCEPT, DROP, Outcome, bothOutcomes } from './outcomes';
import { Surroundings } from './surroundings';
import { CONNTRACK } from './untracking';

/** A first hook, with translation of destinations in it, and all that comes after. */
export interface Passage {
  readonly hook: 'prerouting' | 'output';
  readonly context: Omit<Context, 'hook' | 'ct' | 'dnat' | 'snat'>;
  readonly domain: PacketSet;
  /** What is decided before the first hook. */
  readonly before: PacketMap<Outcome>;
  /** What connection tracking will make of packets, before the first hook. */
  readonly seen: PacketMap<Context['ct']>;
  /** What follows translation, by the packet as it is then. */
  readonly after: (ct: Context['ct'], dnat: boolean) => PacketMap<Leaving>;
}

export interface Passed {
  readonly leaving: PacketMap<Leaving>;
  readonly translations: PacketMap<Translation>;
}

/** What the first hook does with a packet: how it is translated, and whether it may be dropped. Interned by hand. */
interface Step {
  readonly action: Outcome;
  readonly doubt: string;
}

/** Packets whose destinations are moved at once. */
interface Batch {
  readonly moves: Map<bigint, Move>;
  readonly port: number | undefined;
  /** Translated to what they were: connection tracking doesn't count that as translated. */
  readonly same: Range[];
}

type Leg = { readonly doubt: string } & (
  { readonly is: 'kept' } | { readonly is: 'batch'; readonly batch: Batch } | { readonly is: 'unclear'; readonly because: string }
);

export function pass(passage: Passage, hooks: Hooks, surroundings: Surroundings): Passed {
  const { hook, context, domain } = passage;
  const at = (ct: Context['ct']): Context => ({ ...context, hook, ct, dnat: false, snat: false });
  const early = hooks.early(hook, at('none'), CONNTRACK, passage.seen);
  const seen = hooks.tracked(hook, early.seen, context.phase);
  const first = early.said.with(passage.before, (a, b) => (a && b ? bothOutcomes(b, a) : undefined));
  const parts = seen.values.map((ct) => {
    const verdict = first.with(hooks.filter(hook, at(ct), CONNTRACK, DNAT), (a, b) => (a && b ? bothOutcomes(a, b) : undefined));
    const nat = hooks.nat(hook, at(ct)).within(TRACKED).or(NONE);
    const steps = verdict
      .with(nat, stepOf)
      .within(seen.where((one) => one === ct))
      .untranslated()
      .within(domain);
    return travel(steps, (dnat) => passage.after(ct, dnat), hook, passage, surroundings);
  });
  return { leaving: PacketMap.first(parts.map((one) => one.leaving)), translations: PacketMap.first(parts.map((one) => one.translations)) };
}

const NONE = PacketMap.everywhere<Outcome>(ACCEPT);
const steps = new Told<Outcome, Step>();

function stepOf(verdict: Outcome | undefined, action: Outcome | undefined): Step | undefined {
  if (!verdict || verdict === DROP) return undefined;
  if (verdict.is === 'altered') return stepFor(verdict, '');
  if (!action || action === DROP) return undefined;
  return stepFor(action, verdict.is === 'unknown' ? verdict.because : '');
}

const stepFor = (action: Outcome, doubt: string): Step => steps.of(action, doubt, () => ({ action, doubt }));

function travel(
  map: PacketMap<Step>,
  after: (dnat: boolean) => PacketMap<Leaving>,
  hook: Passage['hook'],
  { context }: Passage,
  surroundings: Surroundings,
): Passed {
  const legs = new Legs(hook, context.iif, surroundings);
  const planned = map.mapAlong('destination', (step, range) => legs.legFor(step, range));
  const untranslated = after(false).untranslated();
  const done = new Map<Batch, PacketMap<Leaving>>();
  const left = planned.compose((leg) => {
    const doubtful = (one: Leaving): Leaving =>
      leg.doubt !== '' && one.verdict.is === 'allowed' ? leaving(unknown(leg.doubt), one.source, one.sourcePort) : one;
    if (leg.is === 'kept') return untranslated.map(doubtful);
    if (leg.is === 'unclear') return PacketMap.everywhere(leaving(unknown(leg.because), unclear(leg.because), 'free'));
    let through = done.get(leg.batch);
    if (!through) done.set(leg.batch, (through = batched(leg.batch, after(true), untranslated)));
    return through.map(doubtful);
  });
  const targets = map.mapAlong('destination', (step, range) => legs.targetOf(step, range));
  const known = new Map<Translation, Map<Leaving, Translation>>();
  const translations = targets.with(left, (target, one) => {
    if (!target || !one) return undefined;
    let some = known.get(target);
    if (!some) known.set(target, (some = new Map<Leaving, Translation>()));
    let found = some.get(one);
    if (!found)
      some.set(
        one,
        (found = translation({
          ...target,

          source: one.source,
          sourcePort: one.sourcePort,
        })),
      );
    return found;
  });
  return { leaving: left, translations };
}

function batched({ moves, port, same }: Batch, after: PacketMap<Leaving>, untranslated: PacketMap<Leaving>): PacketMap<Leaving> {
  const translated = after.afterDestination([...moves.values()], port);
  if (same.length === 0) return translated;
  const unchanged = PacketMap.set({ destination: same, ...(port === undefined ? {} : { port: [{ first: port, last: port }] }) });
  return untranslated.within(unchanged).or(translated.apartFrom(unchanged));
}

class Legs {
  private readonly batches = new Map<number | undefined, Batch[]>();
  private readonly legs = new Map<unknown, Map<string, Leg>>();

  constructor(
    private readonly hook: Passage['hook'],
    private readonly iif: string | undefined,
    private readonly surroundings: Surroundings,
  ) {}

  legFor({ action, doubt }: Step, range: Range): Leg {
    if (action === ACCEPT) return this.interned('kept', doubt, () => ({ is: 'kept', doubt }));
    const target = this.target(action, range);
    if (typeof target === 'string') return this.interned(target, doubt, () => ({ is: 'unclear', because: target, doubt }));
    const { to, port } = target;
    if (to.first === range.first && to.last === range.last && port === undefined)
      return this.interned('kept', doubt, () => ({ is: 'kept', doubt }));
    const batch = this.batchFor(range, to, port);
    return this.interned(batch, doubt, () => ({ is: 'batch', batch, doubt }));
  }

  targetOf({ action }: Step, range: Range): Translation {
    if (action === ACCEPT) return translation();
    const target = this.target(action, range);
    if (typeof target === 'string') return translation({ destination: unclear(target) });
    // Not by how wide the range is: what stands beside an address has nothing to do with what becomes of it.
    const one = action.is === 'redirect' || (action.is === 'rewrite' && action.address?.is === 'set');
    const rewrite: Rewrite = one ? set(target.to.first as never) : moved(target.to.first - range.first);
    return translation({ destination: rewrite, ...(target.port === undefined ? {} : { port: target.port }) });
  }

  /** Where packets for that range go, or why that can't be said. */
  private target(action: Outcome, range: Range): { readonly to: Range; readonly port: number | undefined } | string {
    switch (action.is) {
      case 'rewrite': {
        const to = action.address ? rewritten(action.address, range) : range;
        if (!to) return 'it is mapped by blocks';
        if (familyOf(to.first) !== familyOf(range.first)) return 'its target is of the other family';
        return { to, port: action.port };
      }
      case 'redirect': {
        const family = familyOf(range.first);
        if (this.hook === 'output') {
          const loopback = family === 'ip' ? 0x7f000001n : (1n << 32n) + 1n;
          return { to: { first: loopback, last: loopback }, port: action.port };
        }
        const [only, ...more] = this.iif ? this.surroundings.addressesOf(this.iif, family) : [];
        if (only === undefined || more.length > 0) return 'a redirect leads to the first address of the interface, which is not known';
        return { to: { first: only, last: only }, port: action.port };
      }
      case 'pool':
      case 'unknown':
      case 'altered':
        return action.because;
      case 'masquerade':
        return 'a masquerade of a destination';
      case 'accept':
      case 'drop':
      case 'notrack':
        return { to: range, port: undefined };
    }
  }

  /** The moves of a batch don't overlap; what leads one range to several targets is spread over several. */
  private batchFor(range: Range, to: Range, port: number | undefined): Batch {
    let list = this.batches.get(port);
    if (!list) this.batches.set(port, (list = []));
    for (const batch of list) {
      const known = batch.moves.get(range.first);
      if (!known) return this.join(batch, range, to);
      if (known.to.first === to.first && known.to.last === to.last) return batch;
    }
    const batch: Batch = { moves: new Map<bigint, Move>(), port, same: [] };
    list.push(batch);
    return this.join(batch, range, to);
  }

  private join(batch: Batch, range: Range, to: Range): Batch {
    batch.moves.set(range.first, { from: range, to });
    if (to.first === range.first && to.last === range.last) batch.same.push(range);
    else if (to.first === to.last && contains(range, to.first)) batch.same.push(to);
    return batch;
  }

  private interned(key: unknown, doubt: string, make: () => Leg): Leg {
    let some = this.legs.get(key);
    if (!some) this.legs.set(key, (some = new Map<string, Leg>()));
    let found = some.get(doubt);
    if (!found) some.set(doubt, (found = make()));
    return found;
  }
}

const EITHER = 'it depends on the interface that the route takes';

/** For two ways that a packet may take: what is alike in both is known. */
export const eitherPassed = (a: Passed, b: Passed): Passed => ({
  leaving: a.leaving.with(b.leaving, (x, y) => (x === y ? x : leaving(unknown(EITHER), unclear(EITHER), 'free'))),
  translations: a.translations.with(b.translations, (x, y) =>
    x === y ? x : translation({ destination: unclear(EITHER), source: unclear(EITHER), sourcePort: 'free' }),
  ),
});
