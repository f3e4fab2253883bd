import { familyOf } from '../net/address';
import { PacketMap } from '../net/packet-map';
import { ALLOWED, KEPT, Rewrite, moved, set, unclear } from '../reachability/exposure';
import { Environment, translationsAt } from './environment';
import { Context } from './context';
import { Leaving, eitherLeaving, filtered, leaving, LEAVES, lostBySource } from './ends';
import { Either, everyGuess } from './guesses';
import { Hooks, SNAT } from './hooks';
import { parted } from './marking';
import { Marks } from './marks';
import { ACCEPT, DROP, Outcome } from './outcomes';
import { rewritten } from './actions';
import { OTHER_FAMILY, letOut, unseenPort, unseenSource } from './egress';
import { Move } from '../net/packet';
import { Range, point } from '../net/range';

/** What the last hook makes of packets: `postrouting`, or `input` for those that stay. */
export function lastHook(
  environment: Environment,
  hook: 'postrouting' | 'input',
  context: Context,
): PacketMap<Leaving> {
  const { hooks, left } = environment;
  const key = `${context.oif} ${hooks.lookedAt(hook, { ...context, hook })}`;
  let found = left.get(key);
  if (!found) left.set(key, (found = followed(environment, hook, context, (out) => out, eitherLeaving)));
  return found;
}

/** What follows on the last hook, for each way that a doubtful translation may be done by itself. */
export function followed<V extends object>(
  environment: Environment,
  hook: 'postrouting' | 'input',
  context: Context,
  then: (out: PacketMap<Leaving>, marks: Marks) => PacketMap<V>,
  either: Either<V>,
): PacketMap<V> {
  const { hooks } = environment;
  const at = { ...context, hook };
  const { said: early, seen } = hooks.filter(hook, at, -Infinity, SNAT);
  return parted(seen, (one) => {
    const here = { ...at, ...one };
    const nat = translationsAt(environment, hook, here);
    return everyGuess(
      nat.said,
      (actions) => {
        const before = translated(environment, here, actions).with(early, filtered);
        return parted(nat.seen, (left) => {
          if (!hooks.has(hook, 'filter', SNAT)) return then(before.map(settled), left.marks);
          const out = afterTranslation(environment, hook, { ...here, ...left }, before);
          return then(out, hooks.perhapsMarked(hook, SNAT, left.marks));
        });
      },
      either,
    );
  });
}

function translated(environment: Environment, context: Context, nat: PacketMap<Outcome>): PacketMap<Leaving> {
  const known = environment.translated.find((one) => one.oif === context.oif && one.nat.equals(nat));
  if (known) return known.leaving;
  // A move is the same wherever it stands.
  const moves = new Map<Outcome, Leaving>();
  const leaves = nat
    .map((one) => (one === DROP ? undefined : one))
    .mapAlong('source', (one, range) => {
      const before = moves.get(one);
      if (before) return before;
      const left = sourceAs(one, range, environment, context);
      if (one === ACCEPT || (one.is === 'rewrite' && one.address?.is === 'moved')) moves.set(one, left);
      return left;
    });
  environment.translated.push({ oif: context.oif, nat, leaving: leaves });
  return leaves;
}

function sourceAs(one: Outcome, range: Range, { surroundings, box }: Environment, { oif }: Context): Leaving {
  const how =
    box.translates === 'tracked'
      ? undefined
      : 'skipsFilter' in one && one.skipsFilter
        ? 'skips the filter'
        : 'translated';
  switch (one.is) {
    case 'rewrite': {
      const port = one.freePort ? 'free' : 'kept';
      if (!one.address) return leaving(ALLOWED, KEPT, port, how);
      const to = rewritten(one.address, range);
      if (!to) return leaving(ALLOWED, unclear('it is mapped by blocks'), port, how);
      if (familyOf(to.first) !== familyOf(range.first)) return lostBySource(OTHER_FAMILY);
      return leaving(
        ALLOWED,
        one.address.is === 'set' ? set(one.address.to) : moved(to.first - range.first),
        port,
        how,
      );
    }
    case 'masquerade': {
      const addresses = oif ? surroundings.addressesOf(oif, familyOf(range.first)) : [];
      const only = addresses.length === 1 ? addresses[0] : undefined;
      const because =
        addresses.length === 0 ? 'the address of its interface is not known' : 'its interface has several addresses';
      return leaving(ALLOWED, only === undefined ? unclear(because) : set(only), one.freePort ? 'free' : 'kept');
    }
    case 'pool':
      return leaving(ALLOWED, unclear(one.because), 'free', how);
    case 'unknown':
    case 'altered':
      return lostBySource(one.because);
    case 'redirect':
      return lostBySource('a redirect of a source');
    case 'accept':
    case 'drop':
    case 'left':
    case 'pass':
    case 'either':
      return LEAVES;
  }
}

/** Chains that come after the source was rewritten see the new one. */
const afterTranslation = (
  environment: Environment,
  hook: string,
  context: Context,
  before: PacketMap<Leaving>,
): PacketMap<Leaving> =>
  seenLater(environment.hooks, before, (rewritten, isNew) =>
    letOut(
      environment,
      context,
      environment.hooks.filter(hook, { ...context, ...rewritten }, SNAT, Infinity).said,
      isNew,
    ),
  );

/** What leaves, after filters that see its new source. `isNew`: nothing has made a state for it. */
export function seenLater(
  hooks: Hooks,
  before: PacketMap<Leaving>,
  filters: (rewritten: Pick<Context, 'snat' | 'portFree'>, isNew: boolean) => PacketMap<Outcome>,
): PacketMap<Leaving> {
  const known = new Map<string, PacketMap<Outcome>>();
  const late = (snat: Context['snat'], portFree: boolean, isNew = false): PacketMap<Outcome> => {
    const key = `${snat} ${portFree} ${isNew}`;
    let found = known.get(key);
    if (!found) {
      const said = filters({ snat, portFree }, isNew);
      known.set(key, (found = portFree && hooks.bySets ? unseenPort(said) : said));
    }
    return found;
  };
  return before.compose((one) => {
    const { source, how } = one;
    if (one.lost) return PacketMap.everywhere(one);
    if (how === 'skips the filter') return PacketMap.everywhere(settled(one));
    const free = one.sourcePort === 'free';
    const word = (outcome: Outcome): Leaving | undefined => filtered(settled(one), outcome);
    const kept = late(free ? 'unclear' : false, free, how !== 'translated').map(word);
    if (source.is === 'kept') return kept;
    if (source.is === 'unclear') return unseenSource(late('unclear', free)).map(word);
    const moved = late(true, free)
      .afterSource(WHOLE.flatMap((range) => moveOf(source, range)))
      .map(word);
    if (source.is === 'moved' || how === 'translated') return moved;
    // To what it has is no translation.
    const same = PacketMap.set({ source: [point(source.to)] });
    return kept.within(same).or(moved.apartFrom(same));
  });
}

/** As it leaves, whatever made it so. */
const settled = (one: Leaving): Leaving => (one.how ? leaving(one.verdict, one.source, one.sourcePort) : one);

export function moveOf(source: Rewrite & { is: 'set' | 'moved' }, range: Range): Move[] {
  if (source.is === 'set')
    return familyOf(source.to) === familyOf(range.first) ? [{ from: range, to: point(source.to) }] : [];
  const { by } = source;
  const from = { first: by < 0n ? range.first - by : range.first, last: by > 0n ? range.last - by : range.last };
  return from.first <= from.last ? [{ from, to: { first: from.first + by, last: from.last + by } }] : [];
}

export const WHOLE = [
  { first: 0n, last: (1n << 32n) - 1n },
  { first: 1n << 32n, last: (1n << 32n) + (1n << 128n) - 1n },
];
