import { Pairs, Told, remembered } from '../net/interned';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { Translation, translation } from '../reachability/exposure';
import { Context, Seen } from './context';
import { DNAT, Hooks } from './hooks';
import { Environment, translationsAt } from './environment';
import { End, Leaving, doubtful, eitherEnd, endOf, undecided } from './ends';
import { everyGuess } from './guesses';
import { parted } from './marking';
import { Batch, Legs, Step } from './legs';
import { DROP, NewAddress, Outcome, bothOutcomes, either, intern } from './outcomes';
import { to } from './egress';
import { CONNTRACK } from './untracking';

/** A first hook, with translation of destinations in it, and all that comes after. */
interface FirstHook {
  readonly hook: 'prerouting' | 'output';
  readonly context: Omit<Context, 'hook' | 'dnat' | 'snat' | keyof Seen>;
  readonly domain: PacketSet;
  /** What is decided before the first hook. */
  readonly before: PacketMap<Outcome>;
  /** What packets are to its rules. */
  readonly seen: PacketMap<Seen>;
  /** What follows translation, by the packet as it is then; `dnat`: a rule has translated it. */
  readonly after: (seen: Seen, dnat: boolean, skipsFilter: boolean) => PacketMap<Leaving>;
}

export function throughFirstHook(way: FirstHook, environment: Environment): PacketMap<End> {
  const { hook, context, domain } = way;
  const { hooks } = environment;
  const at = { ...context, hook, dnat: false, snat: false } as const;
  const early = hooks.filterEach(hook, at, way.seen, -Infinity, CONNTRACK);
  const seen = hooks.tracked(hook, early.seen, context.phase);
  const first = early.said.with(way.before, (a, b) => (a && b ? bothOutcomes(b, a) : undefined));
  return parted(seen, (one) => {
    const here = seen.where((other) => other === one);
    const filters = hooks.filter(hook, { ...at, ...one }, CONNTRACK, DNAT);
    const verdict = first.with(filters.said, (a, b) => (a && b ? bothOutcomes(a, b) : undefined));
    const known = new Map<string, PacketMap<Leaving>>();
    const after: After = (left, dnat, skips) => {
      const key = `${left.ct} ${left.marks.key} ${dnat} ${skips}`;
      let found = known.get(key);
      if (!found) known.set(key, (found = way.after(left, dnat, skips)));
      return found;
    };
    return parted(filters.seen, (two) => {
      const nat = translationsAt(environment, hook, { ...at, ...two });
      return everyGuess(
        sameTargets(nat.said),
        (actions) => {
          const steps = verdict.with(actions, stepOf).with(nat.seen, (step, left) => step && left && step(left));
          return travel(asItCame(steps.within(here), hooks).within(domain), after, way, environment);
        },
        eitherEnd,
      );
    });
  });
}

/** Rules that may each decide, and that lead one address to the same one, in whatever words, do the same. */
function sameTargets(said: PacketMap<Outcome>): PacketMap<Outcome> {
  const has = (one: Outcome, is: NewAddress['is']): boolean =>
    one.is === 'either' && one.options.some((each) => each.is === 'rewrite' && each.address?.is === is);
  if (!said.values.some((one) => has(one, 'set') && has(one, 'moved'))) return said;
  return said.mapAlong('destination', (one, { first, last }) =>
    one.is === 'either' && first === last
      ? one.options.map((each) => asMove(each, first)).reduce((a, b) => either(a, b, one.because)!)
      : one,
  );
}

const asMove = (one: Outcome, from: bigint): Outcome =>
  one.is === 'rewrite' && one.address?.is === 'set'
    ? intern<Outcome>({ ...one, address: { is: 'moved', by: one.address.to - from } })
    : one;

/** Of packets that weren't translated, where some rule asks what they were before. */
const asItCame = <V>(map: PacketMap<V>, { remembers }: Hooks): PacketMap<V> => (remembers ? map.untranslated() : map);

type After = (seen: Seen, dnat: boolean, skipsFilter: boolean) => PacketMap<Leaving>;

const steps = new Told<Outcome, (seen: Seen) => Step>();

function stepOf(verdict: Outcome | undefined, action: Outcome | undefined): ((seen: Seen) => Step) | undefined {
  if (!verdict || verdict === DROP) return undefined;
  if (verdict.is === 'altered') return stepFor(verdict, '');
  if (!action || action === DROP) return undefined;
  return stepFor(action, verdict.is === 'unknown' ? verdict.because : '');
}

const stepFor = (action: Outcome, doubt: string): ((seen: Seen) => Step) =>
  steps.of(action, doubt, () => remembered((seen) => ({ action, doubt, seen })));

function travel(
  map: PacketMap<Step>,
  after: After,
  { hook, context }: FirstHook,
  environment: Environment,
): PacketMap<End> {
  const { box } = environment;
  const legs = new Legs(hook, context.iif, environment);
  const planned = map.mapAlong('destination', (step, range) => legs.legFor(step, range));
  const untranslated = (seen: Seen): PacketMap<Leaving> => asItCame(after(seen, false, false), environment.hooks);
  const done = new Map<Batch, PacketMap<Leaving>>();
  const left = planned.compose((leg) => {
    const { doubt, skips, seen } = leg;
    const told = (one: Leaving): Leaving => (doubt === '' ? one : doubtful(one, doubt));
    if (leg.is === 'kept')
      return (leg.dnat ? asItCame(after(seen, true, skips), environment.hooks) : untranslated(seen)).map(told);
    if (leg.is === 'unclear')
      return leg.pool?.among
        ? oneOfSome(leg.pool, after(seen, true, skips))
        : PacketMap.everywhere(undecided(leg.because));
    let through = done.get(leg.batch);
    if (!through)
      done.set(
        leg.batch,
        (through = batched(
          leg.batch,
          after(seen, true, skips),
          box.translates === 'all' ? undefined : untranslated(seen),
        )),
      );
    return through.map(told);
  });
  const targets = map.mapAlong('destination', (step, range) => legs.targetOf(step, range));
  const known = new Pairs<Translation, Leaving, End>();
  return targets.with(left, (target, one) =>
    target && one
      ? known.of(target, one, () =>
          endOf(one.verdict, translation({ ...target, source: one.source, sourcePort: one.sourcePort })),
        )
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
  const unchanged = PacketMap.set({ destination: same, ...(port === undefined ? {} : { port: [point(port)] }) });
  return untranslated.within(unchanged).or(translated.apartFrom(unchanged));
}
