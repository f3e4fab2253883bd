import { Pairs } from '../net/interned';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range } from '../net/range';
import { Context } from './context';
import { Leaving, doubtful, eitherLeaving, filtered, lost, undecided } from './ends';
import { Environment } from './environment';
import { Box } from './model';
import { ACCEPT, DROP, Outcome, TOO_MANY, either, optionsOf, unknownOutcome, whyEither } from './outcomes';

export const WITHOUT_STATE = 'it passes without state, and nothing says that answers to it pass';
export const pastItsWay = (name: string): string =>
  `a rule sends it out by ${name}, which is not the way to its destination`;
export const orAsRouted = (name: string, { leavesToRoutes }: Box): string =>
  `a rule sends it out by ${name}, and ${leavesToRoutes ?? ''}`;
export const EITHER_WAY = 'it depends on the interface that the route takes';
export const ANOTHER_WAY_OUT = 'a rule for what leaves sends it out by another interface';
export const NOT_THE_FIRST = 'a redirect leads to the first address of the interface, which is not known';
export const TO_MANY = 'it is led to many at once, and the kernel may take it itself or send it on';
export const OTHER_FAMILY = 'its target is of the other family';
export const CHOSEN_PORT = 'a rule may ask for its source port, which the box chooses';
export const UNKNOWN_SOURCE = 'a rule may ask for its source, which is not known';

/** As filters see it whose source port the box has chosen. */
export const unseenPort = (said: PacketMap<Outcome>): PacketMap<Outcome> => forgetting(said, 'sourcePort', CHOSEN_PORT);
/** Whose source may be anything. */
export const unseenSource = (said: PacketMap<Outcome>): PacketMap<Outcome> =>
  forgetting(said, 'source', UNKNOWN_SOURCE);

const isPlain = (outcomes: PacketMap<Outcome>): boolean =>
  outcomes.values.every(({ is }) => is !== 'pass' && is !== 'either');

const isStateless = (outcome: Outcome): boolean => optionsOf(outcome).some((one) => one.is === 'pass' && !one.state);

/** What follows on what rules say, where answers to what passes without a state surely pass an interface, and elsewhere. */
function asAnswered<V>(
  words: PacketMap<Outcome>,
  isNew: boolean,
  answered: () => PacketSet,
  following: (answered: boolean) => PacketMap<V>,
): PacketMap<V> {
  if (!isNew || !words.values.some(isStateless)) return following(true);
  return following(true).within(answered()).or(following(false));
}

/** What rules say to packets on their way out by an interface: no more than accept, drop and unknown. */
export function letOut(
  { answers }: Environment,
  { oif }: Context,
  words: PacketMap<Outcome>,
  isNew: boolean,
): PacketMap<Outcome> {
  if (isPlain(words)) return words;
  const word = (one: Outcome, answered: boolean): Outcome => {
    if (one.is !== 'pass') return one;
    if (one.out !== undefined && one.out !== oif) return unknownOutcome(ANOTHER_WAY_OUT);
    return one.state || answered ? ACCEPT : unknownOutcome(WITHOUT_STATE);
  };
  return asAnswered(
    words,
    isNew,
    () => answers.passing(oif!, 'in'),
    (answered) =>
      words.map((one) =>
        optionsOf(one)
          .map((option) => word(option, answered))
          .reduce((a, b) => either(a, b, whyEither(one))!),
      ),
  );
}

/** For each packet what becomes of it by the routes, and by each interface that a rule may send it out by. */
type OnTheWay = ReadonlyMap<string | undefined, Leaving>;

/**
 * What becomes of packets to which rules say this as they come in: by the routes (`routed`), or by an interface that a rule names. `isNew`:
 * nothing has made a state for them.
 */
export function sentOn(
  { answers, surroundings, box }: Environment,
  iif: string,
  words: PacketMap<Outcome>,
  routed: PacketMap<Leaving>,
  outBy: (name: string) => PacketMap<Leaving>,
  isNew: boolean,
): PacketMap<Leaving> {
  if (isPlain(words)) return routed.with(words, filtered);
  const towards = new Set(
    words.values.flatMap((one) => optionsOf(one).map((option) => (option.is === 'pass' ? option.out : undefined))),
  );
  const onTheWays = [...towards].reduce((all, name) => {
    const next = name === undefined ? routed : sentBy(name);
    const interned = new Pairs<OnTheWay | undefined, Leaving | undefined, OnTheWay>();
    return all.with(next, (before, one) =>
      interned.of(before, one, () => new Map([...(before ?? []), ...(one ? [[name, one] as const] : [])])),
    );
  }, PacketMap.nothing<OnTheWay>());
  const following = (answered: boolean): PacketMap<Leaving> =>
    words.with(onTheWays, (one, ways) =>
      one?.is === 'altered' ? lost(one.because) : ways && one && chosen(one, ways, answered),
    );
  return asAnswered(words, isNew, () => answers.passing(iif, 'out'), following);

  /** Whatever the routes say; where they say something else, nobody knows whether it arrives. */
  function sentBy(name: string): PacketMap<Leaving> {
    const out = outBy(name);
    const its = to(surroundings.through(name, true));
    const because = orAsRouted(name, box);
    const near = routed
      .with(out, (here, away) => doubtful(eitherLeaving(here, away, because)!, because))
      .within(to(surroundings.near));
    return PacketMap.first([out.within(its), near, out.map((one) => doubtful(one, pastItsWay(name)))]);
  }
}

function chosen(outcome: Outcome, ways: OnTheWay, answered: boolean): Leaving | undefined {
  return optionsOf(outcome)
    .map((one) => {
      const out = one === DROP ? undefined : ways.get(one.is === 'pass' ? one.out : undefined);
      if (!out) return undefined;
      if (one.is === 'unknown') return one.because === TOO_MANY ? undecided(TOO_MANY) : doubtful(out, one.because);
      return one.is !== 'pass' || one.state || answered ? out : doubtful(out, WITHOUT_STATE);
    })
    .reduce((a, b) => (a === b ? a : eitherLeaving(a, b, whyEither(outcome))));
}

export const to = (destination: readonly Range[]): PacketSet =>
  destination.length === 0 ? PacketMap.NONE : PacketMap.set({ destination });

/** What is said to packets of which one field could be anything: what is the same for all its values, and unknown elsewhere. Defined everywhere. */
function forgetting(said: PacketMap<Outcome>, field: 'source' | 'sourcePort', because: string): PacketMap<Outcome> {
  const [first, ...others] = said.values.map((outcome) =>
    said
      .where((one) => one === outcome)
      .anyAlong(field)
      .map(() => outcome),
  );
  if (!first) return said;
  return others.reduce((all, one) => all.with(one, (a, b) => either(a, b, because)), first);
}
