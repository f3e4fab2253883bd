import { ALLOWED, Verdict, unknown } from '../../exposure/exposure';
import { PacketMap } from '../../net/packet-map';
import { Range } from '../../net/range';
import { Action, UNDECIDED } from './actions';
import { Answers } from './answers';
import { Batch, Batches } from './batches';
import { Choice, MOST_OPTIONS } from './choices';
import { everyLeg } from './every-leg';
import { Filter, Word, keepsState } from './filter';
import { forgetting } from './forgotten';
import { everyGuess } from './guesses';
import { Leaving, eitherLeaving, eitherVerdict, leaving } from './leaving';
import { familyOf } from '../../net/address';
import { ANOTHER_WAY_OUT, CHOSEN_PORT, OTHER_FAMILY, TOO_MANY, UNKNOWN_SOURCE, WITHOUT_STATE } from './standing';
import { Translations } from './translations';

/** What is done to the source, as far as filter rules can tell. Interned by its Legs. */
type Leg =
  | { readonly is: 'asked' | 'kept' | 'passed' | 'unclear' }
  | { readonly is: 'undecided'; readonly because: string }
  | { readonly is: 'batch'; readonly batch: Batch };

/** What becomes of packets that leave by an interface. */
export class Outward {
  private readonly made = new Map<string, PacketMap<Leaving>>();

  constructor(
    private readonly answers: Answers,
    private readonly filter: Filter,
    private readonly translations: Translations,
  ) {}

  by(name: string): PacketMap<Leaving> {
    let found = this.made.get(name);
    if (!found) {
      this.made.set(name, (found = this.followed(name, (out) => out, eitherLeaving)));
    }
    return found;
  }

  /** What follows on leaving, for each way that a doubtful translation may be done by itself. */
  followed<V extends object>(
    name: string,
    then: (leaving: PacketMap<Leaving>) => PacketMap<V>,
    either: (a: V | undefined, b: V | undefined, because: string) => V | undefined,
  ): PacketMap<V> {
    return everyGuess(this.translations.of(name, 'out'), (actions) => then(this.translated(name, actions)), either);
  }

  private translated(name: string, actions: PacketMap<Action>): PacketMap<Leaving> {
    const legs = new Legs();
    const known = new Map<string, PacketMap<Verdict>>();
    const words = (state: boolean, without: 'nothing' | 'port' | 'source'): PacketMap<Verdict> => {
      const key = `${state} ${without}`;
      let found = known.get(key);
      if (!found) known.set(key, (found = this.forgotten(this.verdicts(name, state), without)));
      return found;
    };
    const planned = actions.mapAlong('source', (action, range) => legs.of(action, range));
    const along = ({ leg, freePort }: Step): PacketMap<Verdict> => {
      switch (leg.is) {
        case 'asked':
          return words(true, 'nothing');
        case 'passed':
          return PacketMap.everywhere(ALLOWED);
        case 'undecided':
          return PacketMap.everywhere(unknown(leg.because));
        case 'unclear':
          return words(false, 'source');
        case 'kept':
          return words(false, freePort ? 'port' : 'nothing');
        case 'batch':
          return words(false, freePort ? 'port' : 'nothing').afterSource(leg.batch.moves);
        default:
          return leg satisfies never;
      }
    };
    const verdicts = everyLeg(planned, along);
    return verdicts.with(actions, (verdict, action) =>
      verdict && action ? leaving(verdict, action.address, action.freePort ? 'free' : 'kept') : undefined,
    );
  }

  private forgotten(verdicts: PacketMap<Verdict>, without: 'nothing' | 'port' | 'source'): PacketMap<Verdict> {
    if (without === 'nothing') return verdicts;
    const portless = forgetting(verdicts, 'sourcePort', CHOSEN_PORT);
    return without === 'port' ? portless : forgetting(portless, 'source', UNKNOWN_SOURCE);
  }

  private verdicts(name: string, stateMatters: boolean): PacketMap<Verdict> {
    const words = this.filter.of(name, 'out');
    const verdictOf = (word: Word, answered: boolean): Verdict | undefined => {
      if (word.is === 'block') return undefined;
      if (word.routedTo !== undefined && word.routedTo !== name) return unknown(ANOTHER_WAY_OUT);
      return word.state || answered ? ALLOWED : unknown(WITHOUT_STATE);
    };
    const following = (answered: boolean): PacketMap<Verdict> =>
      words.map(({ options, because }: Choice<Word>) => {
        if (options.length > MOST_OPTIONS) return unknown(TOO_MANY);
        return options.map((word) => verdictOf(word, answered)).reduce((a, b) => eitherVerdict(a, b, because));
      });
    if (!stateMatters || words.values.every(({ options }) => options.every(keepsState))) return following(true);
    return following(true).within(this.answers.passing(name, 'in')).or(following(false));
  }
}

interface Step {
  readonly leg: Leg;
  readonly freePort: boolean;
}

class Legs {
  private readonly batches = new Batches();
  private readonly steps = new Map<unknown, Step>();
  private readonly free = new Map<unknown, Step>();

  of(action: Action, range: Range): Step {
    const { address, freePort } = action;
    if (!action.translates) return this.step('asked', freePort, () => ({ is: 'asked' }));
    if (action === UNDECIDED) return this.undecided(TOO_MANY);
    if (action.pass) return this.step('passed', freePort, () => ({ is: 'passed' }));
    if (address.is === 'unclear') return this.step('unclear', freePort, () => ({ is: 'unclear' }));
    if (address.is === 'kept') return this.step('kept', freePort, () => ({ is: 'kept' }));
    const to =
      address.is === 'set' ? { first: address.to, last: address.to } : { first: range.first + address.by, last: range.last + address.by };
    if (familyOf(to.first) !== familyOf(range.first)) return this.undecided(OTHER_FAMILY);
    const batch = this.batches.put(range, to);
    return this.step(batch, freePort, () => ({ is: 'batch', batch }));
  }

  private undecided(because: string): Step {
    return this.step(because, false, () => ({ is: 'undecided', because }));
  }

  private step(key: unknown, freePort: boolean, make: () => Leg): Step {
    const steps = freePort ? this.free : this.steps;
    let found = steps.get(key);
    if (!found) steps.set(key, (found = { leg: make(), freePort }));
    return found;
  }
}
