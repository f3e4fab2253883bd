import { translation, unclear, unknown } from '../../exposure/exposure';
import { familyOf } from '../../net/address';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range } from '../../net/range';
import { Action, UNDECIDED } from './actions';
import { Answers } from './answers';
import { Batch, Batches } from './batches';
import { Choice, MOST_OPTIONS } from './choices';
import { everyLeg } from './every-leg';
import { Filter, Word, keepsState } from './filter';
import { possible } from './forgotten';
import { everyGuess } from './guesses';
import { End, LEAVES, Leaving, doubtful, eitherEnd, eitherLeaving, endOf, leaving } from './leaving';
import { Pairs } from '../../net/interned';
import { Outward } from './outward';
import { OTHER_FAMILY, TOO_MANY, WITHOUT_STATE, orAsRouted, pastItsWay } from './standing';
import { Translations } from './translations';
import { Ways } from './ways';

/** How the filter is asked: of a packet that no rule translated; of one that has a state by its translation; not at all. */
type How = 'asked' | 'with state' | 'passed';

type Leg =
  | { readonly is: 'kept'; readonly how: How }
  | { readonly is: 'batch'; readonly how: How; readonly port: number | undefined; readonly batch: Batch }
  | { readonly is: 'unclear'; readonly how: How; readonly action: Action; readonly because: string }
  | { readonly is: 'undecided'; readonly because: string };

type OnTheWay = ReadonlyMap<string | undefined, Leaving>;

/** What becomes of packets that come by an interface, where `way` has what no other has. */
export class Inward {
  private readonly going = new Map<string, PacketMap<Leaving>>();
  private readonly routed: PacketMap<Leaving>;

  constructor(
    private readonly answers: Answers,
    private readonly ways: Ways,
    private readonly filter: Filter,
    private readonly translations: Translations,
    private readonly outward: Outward,
    way: string | undefined,
  ) {
    const parts = [to(ways.local).map(() => LEAVES)];
    if (ways.device.forwarding) {
      for (const { name } of ways.device.interfaces) parts.push(outward.by(name).within(to(ways.through(name))));
      if (way !== undefined) parts.push(outward.by(way).within(to(ways.elsewhere)));
    }
    this.routed = PacketMap.first(parts);
  }

  by(name: string): PacketMap<End> {
    return everyGuess(this.translations.of(name, 'in'), (actions) => this.translated(name, actions), eitherEnd);
  }

  private translated(name: string, actions: PacketMap<Action>): PacketMap<End> {
    const legs = new Legs();
    const planned = actions.mapAlong('destination', (action, range) => legs.of(action, range));
    const left = everyLeg(planned, (leg) => this.along(name, leg));
    return left.with(actions, (one, action) =>
      one && action
        ? endOf(
            one.verdict,
            translation({
              destination: action.address,
              port: action.port ?? 'kept',
              source: one.source,
              sourcePort: one.sourcePort,
            }),
          )
        : undefined,
    );
  }

  private along(name: string, leg: Leg): PacketMap<Leaving> {
    switch (leg.is) {
      case 'undecided':
        return PacketMap.everywhere(leaving(unknown(leg.because), unclear(leg.because), 'free'));
      case 'kept':
        return this.filtered(name, leg.how);
      case 'batch':
        return this.filtered(name, leg.how).afterDestination(leg.batch.moves, leg.port);
      case 'unclear':
        return this.anyOf(name, leg.how, leg.action, leg.because);
      default:
        return leg satisfies never;
    }
  }

  /** Led to one of some: where it can leave for none of them, it is denied. */
  private anyOf(name: string, how: How, { port, among }: Action, because: string): PacketMap<Leaving> {
    const whole = this.filtered(name, how);
    const some = among ? whole.within(to(among)) : whole;
    const ported = port === undefined ? some : some.afterPort(port);
    return possible(ported.domain, 'destination').map(() => leaving(unknown(because), unclear(because), 'free'));
  }

  /** After translation: the filter, the way by its word or by the routes, and out. */
  private filtered(name: string, how: How): PacketMap<Leaving> {
    if (how === 'passed') return this.routed;
    const key = `${how} ${name}`;
    let found = this.going.get(key);
    if (!found) {
      const words = this.filter.of(name, 'in');
      const towards = new Set(
        words.values.flatMap(({ options }) => options.map((word) => (word.is === 'pass' ? word.routedTo : undefined))),
      );
      const onTheWays = this.onTheWays([...towards]);
      const following = (answered: boolean): PacketMap<Leaving> =>
        words.with(onTheWays, (choice, ways) => ways && this.chosen(choice!, ways, answered));
      const keeps = how === 'with state' || words.values.every(({ options }) => options.every(keepsState));
      found = keeps ? following(true) : following(true).within(this.answers.passing(name, 'out')).or(following(false));
      this.going.set(key, found);
    }
    return found;
  }

  /** For each packet what becomes of it by the routes, and by each interface that a rule may send it out by. */
  private onTheWays(towards: readonly (string | undefined)[]): PacketMap<OnTheWay> {
    return towards.reduce((all, name) => {
      const next = name === undefined ? this.routed : this.sentBy(name);
      const interned = new Pairs<OnTheWay | undefined, Leaving | undefined, OnTheWay>();
      return all.with(next, (before, one) =>
        interned.of(before, one, () => new Map([...(before ?? []), ...(one ? [[name, one] as const] : [])])),
      );
    }, PacketMap.nothing<OnTheWay>());
  }

  private chosen({ options, because }: Choice<Word>, ways: OnTheWay, answered: boolean): Leaving | undefined {
    if (options.length > MOST_OPTIONS) return leaving(unknown(TOO_MANY), unclear(TOO_MANY), 'free');
    return options
      .map((word) => {
        const one = word.is === 'block' ? undefined : ways.get(word.routedTo);
        return !one || word.is === 'block' || word.state || answered ? one : doubtful(one, WITHOUT_STATE);
      })
      .reduce((a, b) => (a === b ? a : eitherLeaving(a, b, because)));
  }

  /** Whatever the routes say; where they say something else, nobody knows whether it arrives. */
  private sentBy(name: string): PacketMap<Leaving> {
    const out = this.outward.by(name);
    const its = to([...this.ways.through(name), ...this.ways.elsewhere]);
    const because = orAsRouted(name);
    const either = this.routed.with(out, (here, away) => doubtful(eitherLeaving(here, away, because)!, because)).within(to(this.ways.near));
    return PacketMap.first([out.within(its), either, out.map((one) => doubtful(one, pastItsWay(name)))]);
  }
}

export const to = (destination: readonly Range[]): PacketSet =>
  destination.length === 0 ? PacketMap.NONE : PacketMap.set({ destination });

class Legs {
  private readonly batches = new Map<string, Batches>();
  private readonly legs = new Map<unknown, Leg>();

  of(action: Action, range: Range): Leg {
    const { address, port } = action;
    if (!action.translates) return this.leg('asked', () => ({ is: 'kept', how: 'asked' }));
    if (action === UNDECIDED) return this.leg(action, () => ({ is: 'undecided', because: TOO_MANY }));
    const how: How = action.pass ? 'passed' : 'with state';
    if (address.is === 'unclear') return this.leg(action, () => ({ is: 'unclear', how, action, because: address.because }));
    if (address.is === 'kept' && port === undefined) return this.leg(how, () => ({ is: 'kept', how }));
    const by = address.is === 'moved' ? address.by : 0n;
    const moved = address.is === 'set' ? { first: address.to, last: address.to } : { first: range.first + by, last: range.last + by };
    if (familyOf(moved.first) !== familyOf(range.first)) return this.leg(OTHER_FAMILY, () => ({ is: 'undecided', because: OTHER_FAMILY }));
    const key = `${how} ${port}`;
    let batches = this.batches.get(key);
    if (!batches) this.batches.set(key, (batches = new Batches()));
    const batch = batches.put(range, moved);
    return this.leg(batch, () => ({ is: 'batch', how, port, batch }));
  }

  private leg(key: unknown, make: () => Leg): Leg {
    let found = this.legs.get(key);
    if (!found) this.legs.set(key, (found = make()));
    return found;
  }
}
