import { familyOf } from '../../net/address';
import { Interned, Pairs } from '../../net/interned';
import { PacketMap } from '../../net/packet-map';
import { ALLOWED, KEPT, Rewrite, Verdict, moved, set, unclear, unknown } from '../../exposure/exposure';
import { Context } from './context';
import { Hooks, SNAT } from './hooks';
import { ACCEPT, DROP, Outcome, unknownOutcome } from './outcomes';
import { rewritten } from './actions';
import { Surroundings } from './surroundings';
import { TRACKED } from './context';
import { Move } from '../../net/packet';
import { Range } from '../../net/range';

/** How a packet that isn't dropped leaves, but for its destination. Interned. */
export interface Leaving {
  readonly verdict: Verdict;
  readonly source: Rewrite;
  readonly sourcePort: 'kept' | 'free';
  /** It may be something else by now, and go elsewhere. */
  readonly lost?: true;
}

const kept = new Pairs<Verdict, Rewrite, Leaving>();
const free = new Pairs<Verdict, Rewrite, Leaving>();

export const leaving = (verdict: Verdict, source: Rewrite = KEPT, sourcePort: Leaving['sourcePort'] = 'kept'): Leaving =>
  (sourcePort === 'free' ? free : kept).of(verdict, source, () => ({ verdict, source, sourcePort }));

export const LEAVES = leaving(ALLOWED);

const lostOnes = new Interned<string, Leaving>();
export const lost = (because: string): Leaving =>
  lostOnes.of(because, () => ({ verdict: unknown(because), source: KEPT, sourcePort: 'kept', lost: true }));

/** A filter's word on what would leave, if it came that far. */
export function filtered(one: Leaving | undefined, outcome: Outcome | undefined): Leaving | undefined {
  if (outcome?.is === 'altered') return lost(outcome.because);
  if (!one || !outcome || outcome === DROP) return undefined;
  return outcome.is === 'unknown' && one.verdict.is === 'allowed' ? leaving(unknown(outcome.because), one.source, one.sourcePort) : one;
}

/** What the last hook makes of packets: `postrouting`, or `input` for those that stay. */
export function lastHook(hooks: Hooks, surroundings: Surroundings, hook: 'postrouting' | 'input', context: Context): PacketMap<Leaving> {
  const at = { ...context, hook };
  const early = hooks.filter(hook, at, -Infinity, SNAT);
  const nat = hooks.has(hook, 'nat') ? translations(hooks, surroundings, hook, at) : PacketMap.everywhere(LEAVES);
  const before = nat.with(early, filtered);
  return hooks.has(hook, 'filter', SNAT) ? afterTranslation(hooks, hook, at, before) : before;
}

/** Contexts that differ in nothing the chains look at share what they make of a source. */
const made = new WeakMap<
  Hooks,
  { readonly oif: string | undefined; readonly nat: PacketMap<Outcome>; readonly leaving: PacketMap<Leaving> }[]
>();

function translations(hooks: Hooks, surroundings: Surroundings, hook: string, context: Context): PacketMap<Leaving> {
  const nat = hooks.nat(hook, context);
  let list = made.get(hooks);
  if (!list) made.set(hooks, (list = []));
  const known = list.find((one) => one.oif === context.oif && one.nat.equals(nat));
  if (known) return known.leaving;
  // A move is the same wherever it stands.
  const moves = new Map<Outcome, Leaving>();
  const leaves = nat
    .within(TRACKED)
    .or(PacketMap.everywhere(ACCEPT))
    .map((one) => (one === DROP ? undefined : one))
    .mapAlong('source', (one, range) => {
      const before = moves.get(one);
      if (before) return before;
      const left = sourceAs(one, range, surroundings, context);
      if (one === ACCEPT || (one.is === 'rewrite' && one.address?.is === 'moved')) moves.set(one, left);
      return left;
    });
  list.push({ oif: context.oif, nat, leaving: leaves });
  return leaves;
}

function sourceAs(one: Outcome, range: Move['from'], surroundings: Surroundings, { oif }: Context): Leaving {
  switch (one.is) {
    case 'rewrite': {
      if (!one.address) return leaving(ALLOWED, KEPT, 'free');
      if (one.address.is === 'set') return leaving(ALLOWED, set(one.address.to), one.freePort ? 'free' : 'kept');
      const to = rewritten(one.address, range);
      if (!to) return leaving(ALLOWED, unclear('it is mapped by blocks'), one.freePort ? 'free' : 'kept');
      return leaving(ALLOWED, moved(to.first - range.first), one.freePort ? 'free' : 'kept');
    }
    case 'masquerade': {
      const addresses = oif ? surroundings.addressesOf(oif, familyOf(range.first)) : [];
      const only = addresses.length === 1 ? addresses[0] : undefined;
      const because = addresses.length === 0 ? 'the address of its interface is not known' : 'its interface has several addresses';
      return leaving(ALLOWED, only === undefined ? unclear(because) : set(only), one.freePort ? 'free' : 'kept');
    }
    case 'pool':
      return leaving(ALLOWED, unclear(one.because), 'free');
    case 'unknown':
    case 'altered':
      return leaving(unknown(one.because), unclear(one.because), 'free');
    case 'redirect':
      return leaving(unknown('a redirect of a source'), unclear('a redirect of a source'), 'free');
    case 'accept':
    case 'drop':
    case 'notrack':
      return LEAVES;
  }
}

/** Chains that come after the source was rewritten see the new one. */
function afterTranslation(hooks: Hooks, hook: string, context: Context, before: PacketMap<Leaving>): PacketMap<Leaving> {
  return seenLater(before, (rewritten) => hooks.filter(hook, { ...context, ...rewritten }, SNAT, Infinity));
}

/** What leaves, after filters that see its new source. */
export function seenLater(
  before: PacketMap<Leaving>,
  filters: (rewritten: Pick<Context, 'snat' | 'portFree'>) => PacketMap<Outcome>,
): PacketMap<Leaving> {
  const known = new Map<string, PacketMap<Outcome>>();
  const late = (snat: Context['snat'], portFree: boolean): PacketMap<Outcome> => {
    const key = `${snat} ${portFree}`;
    let found = known.get(key);
    if (!found) known.set(key, (found = filters({ snat, portFree })));
    return found;
  };
  return before.compose((one) => {
    const { source } = one;
    if (one.lost) return PacketMap.everywhere(one);
    const free = one.sourcePort === 'free';
    const word = (outcome: Outcome): Leaving | undefined => filtered(one, outcome);
    const kept = late(free ? 'unclear' : false, free).map(word);
    if (source.is === 'kept') return kept;
    if (source.is === 'unclear')
      return late('unclear', free).map((outcome) =>
        word(outcome === ACCEPT || outcome.is === 'altered' ? outcome : unknownOutcome(source.because)),
      );
    const moved = late(true, free)
      .afterSource(WHOLE.flatMap((range) => moveOf(source, range)))
      .map(word);
    if (source.is === 'moved') return moved;
    // To what it has is no translation.
    const same = PacketMap.set({ source: [{ first: source.to, last: source.to }] });
    return kept.within(same).or(moved.apartFrom(same));
  });
}

function moveOf(source: Rewrite & { is: 'set' | 'moved' }, range: Range): Move[] {
  if (source.is === 'set')
    return familyOf(source.to) === familyOf(range.first) ? [{ from: range, to: { first: source.to, last: source.to } }] : [];
  const { by } = source;
  const from = { first: by < 0n ? range.first - by : range.first, last: by > 0n ? range.last - by : range.last };
  return from.first <= from.last ? [{ from, to: { first: from.first + by, last: from.last + by } }] : [];
}

const WHOLE = [
  { first: 0n, last: (1n << 32n) - 1n },
  { first: 1n << 32n, last: (1n << 32n) + (1n << 128n) - 1n },
];
