import { Pairs, Told } from '../../net/interned';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Rewrite, Translation, moved, set, translation, unclear } from '../../exposure/exposure';
import { familyOf } from '../../net/address';
import { Move } from '../../net/packet';
import { Range, contains, point } from '../../net/range';
import { rewritten } from './actions';
import { Context } from './context';
import { DNAT, Hooks } from './hooks';
import { Around, translationsAt } from './around';
import { End, Leaving, doubtful, eitherEnd, endOf, undecided } from './ends';
import { everyGuess } from './guesses';
import { ACCEPT, DROP, Outcome, bothOutcomes } from './outcomes';
import { NOT_THE_FIRST, OTHER_FAMILY, to } from './passed';
import { CONNTRACK } from './untracking';

/** A first hook, with translation of destinations in it, and all that comes after. */
export interface FirstHook {
  readonly hook: 'prerouting' | 'output';
  readonly context: Omit<Context, 'hook' | 'ct' | 'dnat' | 'snat'>;
  readonly domain: PacketSet;
  /** What is decided before the first hook. */
  readonly before: PacketMap<Outcome>;
  /** What connection tracking will make of packets, before the first hook. */
  readonly seen: PacketMap<Context['ct']>;
  /** What follows translation, by the packet as it is then; `dnat`: a rule has translated it. */
  readonly after: (ct: Context['ct'], dnat: boolean, skipsFilter: boolean) => PacketMap<Leaving>;
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

type Leg = { readonly doubt: string; readonly skips: boolean } & (
  | { readonly is: 'kept'; readonly dnat: boolean }
  | { readonly is: 'batch'; readonly batch: Batch }
  | { readonly is: 'unclear'; readonly because: string; readonly pool: (Outcome & { is: 'pool' }) | undefined }
);

export function throughFirstHook(way: FirstHook, around: Around): PacketMap<End> {
  const { hook, context, domain } = way;
  const { hooks } = around;
  const at = (ct: Context['ct']): Context => ({ ...context, hook, ct, dnat: false, snat: false });
  const early = hooks.early(hook, at('none'), CONNTRACK, way.seen);
  const seen = hooks.tracked(hook, early.seen, context.phase);
  const first = early.said.with(way.before, (a, b) => (a && b ? bothOutcomes(b, a) : undefined));
  const parts = seen.values.map((ct) => {
    const verdict = first.with(hooks.filter(hook, at(ct), CONNTRACK, DNAT), (a, b) => (a && b ? bothOutcomes(a, b) : undefined));
    const here = seen.where((one) => one === ct);
    const known = new Map<string, PacketMap<Leaving>>();
    const after: After = (dnat, skips) => {
      const key = `${dnat} ${skips}`;
      let found = known.get(key);
      if (!found) known.set(key, (found = way.after(ct, dnat, skips)));
      return found;
    };
    return everyGuess(
      translationsAt(around, hook, at(ct)),
      (actions) => {
        const steps = asItCame(verdict.with(actions, stepOf).within(here), hooks).within(domain);
        return travel(steps, after, way, around);
      },
      eitherEnd,
    );
  });
  return PacketMap.first(parts);
}

/** Of packets that weren't translated, where some rule asks what they were before. */
const asItCame = <V>(map: PacketMap<V>, { remembers }: Hooks): PacketMap<V> => (remembers ? map.untranslated() : map);

type After = (dnat: boolean, skipsFilter: boolean) => PacketMap<Leaving>;

const steps = new Told<Outcome, Step>();

function stepOf(verdict: Outcome | undefined, action: Outcome | undefined): Step | undefined {
  if (!verdict || verdict === DROP) return undefined;
  if (verdict.is === 'altered') return stepFor(verdict, '');
  if (!action || action === DROP) return undefined;
  return stepFor(action, verdict.is === 'unknown' ? verdict.because : '');
}

const stepFor = (action: Outcome, doubt: string): Step => steps.of(action, doubt, () => ({ action, doubt }));

function travel(map: PacketMap<Step>, after: After, { hook, context }: FirstHook, around: Around): PacketMap<End> {
  const { box } = around;
  const legs = new Legs(hook, context.iif, around);
  const planned = map.mapAlong('destination', (step, range) => legs.legFor(step, range));
  const untranslated = asItCame(after(false, false), around.hooks);
  const done = new Map<Batch, PacketMap<Leaving>>();
  const left = planned.compose((leg) => {
    const { doubt, skips } = leg;
    const told = (one: Leaving): Leaving => (doubt === '' ? one : doubtful(one, doubt));
    if (leg.is === 'kept') return (leg.dnat ? asItCame(after(true, skips), around.hooks) : untranslated).map(told);
    if (leg.is === 'unclear')
      return leg.pool?.among ? oneOfSome(leg.pool, after(true, skips)) : PacketMap.everywhere(undecided(leg.because));
    let through = done.get(leg.batch);
    if (!through)
      done.set(leg.batch, (through = batched(leg.batch, after(true, skips), box.translates === 'all' ? undefined : untranslated)));
    return through.map(told);
  });
  const targets = map.mapAlong('destination', (step, range) => legs.targetOf(step, range));
  const known = new Pairs<Translation, Leaving, End>();
  return targets.with(left, (target, one) =>
    target && one
      ? known.of(target, one, () => endOf(one.verdict, translation({ ...target, source: one.source, sourcePort: one.sourcePort })))
      : undefined,
  );
}

/** Led to one of some: where it can leave for none of them, it is denied. */
function oneOfSome({ among, port, because }: Outcome & { is: 'pool' }, whole: PacketMap<Leaving>): PacketMap<Leaving> {
  const some = whole.within(to(among!));
  const ported = port === undefined ? some : some.afterPort(port);
  return ported.domain.anyAlong('destination').map(() => undecided(because));
}

function batched(
  { moves, port, same }: Batch,
  after: PacketMap<Leaving>,
  untranslated: PacketMap<Leaving> | undefined,
): PacketMap<Leaving> {
  const translated = after.afterDestination([...moves.values()], port);
  if (same.length === 0 || !untranslated) return translated;
  const unchanged = PacketMap.set({ destination: same, ...(port === undefined ? {} : { port: [{ first: port, last: port }] }) });
  return untranslated.within(unchanged).or(translated.apartFrom(unchanged));
}

class Legs {
  private readonly batches = new Map<string, Batch[]>();
  private readonly legs = new Map<unknown, Map<string, Leg>>();

  constructor(
    private readonly hook: FirstHook['hook'],
    private readonly iif: string | undefined,
    private readonly around: Around,
  ) {}

  legFor({ action, doubt }: Step, range: Range): Leg {
    if (action === ACCEPT) return this.interned('kept', doubt, () => ({ is: 'kept', doubt, dnat: false, skips: false }));
    const target = this.target(action, range);
    const skips = 'skipsFilter' in action && action.skipsFilter === true;
    if (typeof target === 'string') {
      const pool = action.is === 'pool' ? action : undefined;
      return this.interned(pool ?? target, doubt, () => ({ is: 'unclear', because: target, doubt, pool, skips }));
    }
    const { to, port } = target;
    if (to.first === range.first && to.last === range.last && port === undefined) {
      const dnat = this.around.box.translates === 'all';
      return this.interned(`kept ${dnat} ${skips}`, doubt, () => ({ is: 'kept', doubt, dnat, skips }));
    }
    const batch = this.batchFor(range, to, port, skips);
    return this.interned(batch, doubt, () => ({ is: 'batch', batch, doubt, skips }));
  }

  targetOf({ action }: Step, range: Range): Translation {
    if (action === ACCEPT) return translation();
    const target = this.target(action, range);
    if (typeof target === 'string') {
      const port = action.is === 'pool' ? action.port : undefined;
      return translation({ destination: unclear(target), ...(port === undefined ? {} : { port }) });
    }
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
        if (familyOf(to.first) !== familyOf(range.first)) return OTHER_FAMILY;
        return { to, port: action.port };
      }
      case 'redirect': {
        const family = familyOf(range.first);
        if (this.hook === 'output') {
          const loopback = family === 'ip' ? 0x7f000001n : (1n << 32n) + 1n;
          return { to: { first: loopback, last: loopback }, port: action.port };
        }
        const to = this.iif ? this.around.surroundings.redirectedTo(this.iif, family) : undefined;
        return to === undefined ? NOT_THE_FIRST : { to: point(to), port: action.port };
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
      case 'pass':
      case 'either':
        return { to: range, port: undefined };
    }
  }

  /** The moves of a batch don't overlap; what leads one range to several targets is spread over several. */
  private batchFor(range: Range, to: Range, port: number | undefined, skips: boolean): Batch {
    const key = `${port} ${skips}`;
    let list = this.batches.get(key);
    if (!list) this.batches.set(key, (list = []));
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
