import { Phase } from '../../reachability/phase';
import { Vantage } from '../../net/device';
import { Packet } from '../../net/packet';
import { Explanation, Settled } from '../../parse/reader';
import { Context, isBeforeParts } from '../context';
import { marksAtFirst } from '../marks';
import { BaseChain, LoweredRule, LoweredRuleset } from '../model';
import { MOST_OPTIONS } from '../outcomes';
import { Settings } from '../settings';
import { Surroundings } from '../surroundings';
import { Asked, Ending, Walk } from './chain';
import { Fate, Guesses } from './guesses';
import { Passing } from './settled';

/** One walk of a packet: what it is by now, and what was said of it. */
export class Journey {
  packet: Required<Packet>;
  context: Context;
  /** Why it may not pass. */
  doubt = '';
  denied = '';
  private deniedBy: Settled = {};
  readonly lines: LoweredRule[] = [];
  readonly passing: Passing;
  /** It was rewritten to something unknown: no later rule can be sure of it. */
  private unsure = false;
  /** Where it goes is settled, but for its source. */
  isLed = false;
  /** It was rewritten before. */
  private isLost = false;
  /** Its destination is one of some. */
  isLedToAny = false;
  /** Why it may have gone otherwise. */
  guessed = '';
  /** Nothing has made a state for it where it is now. */
  isNew = true;
  /** A rule has translated it, and the filter isn't asked. */
  skipsFilter = false;
  /** By which interface a rule sends it out. */
  out: string | undefined;
  /** What the box chose for its source, so that rules for what leaves may see anything there. */
  hidden: 'nothing' | 'port' | 'source' = 'nothing';

  constructor(
    readonly ruleset: LoweredRuleset,
    readonly surroundings: Surroundings,
    readonly settings: Settings,
    readonly vantage: Vantage,
    packet: Packet,
    phase: Phase,
    readonly guesses: Guesses,
    anyShape: boolean,
  ) {
    this.passing = new Passing(ruleset.dormant, ruleset.box.words);
    this.packet = {
      ...packet,
      originalDestination: packet.originalDestination ?? packet.destination,
      originalPort: packet.originalPort ?? packet.port,
    };
    const own = vantage.kind !== 'interface';
    const marks = marksAtFirst(own, phase !== 'first', ruleset.facts.connectionMarks);
    this.context = {
      hook: '',
      iif: own ? '' : vantage.name,
      oif: own ? '?' : '',
      phase,
      ct: 'none',
      dnat: false,
      snat: false,
      own,
      marks,
      anyShape,
    };
  }

  get bases(): readonly BaseChain[] {
    return this.ruleset.bases;
  }

  walk(base: BaseChain, asked: Asked, context: Partial<Context> = {}, packet = this.packet): readonly Ending[] {
    const at = { ...this.context, ...context, hook: base.hook, inParts: isBeforeParts(base) };
    return new Walk({ packet, context: at, surroundings: this.surroundings, facts: this.ruleset.facts }, asked).base(
      base,
    );
  }

  /** One of some ways to go on; undefined where they are more than are told apart. */
  guess<T>(options: readonly T[], reasons: readonly Ending[]): T | undefined {
    if (options.length > MOST_OPTIONS) return undefined;
    if (options.length > 1) this.guessed ||= reasons.find(({ because }) => because !== '')?.because ?? '';
    return this.guesses.oneOf(options);
  }

  note(ending: Ending, base: BaseChain): void {
    if (this.denied !== '') return;
    if (ending.rule) this.lines.push(ending.rule);
    this.passing.add(base, ending);
  }

  deny(because: string, rule?: LoweredRule, settled: Settled = { words: because }): void {
    if (this.denied !== '') return;
    if (this.unsure) {
      this.doubt ||= because;
      return;
    }
    this.denied = because;
    this.deniedBy = settled;
    if (rule) this.lines.push(rule);
  }

  /** It may be anything from here on. */
  rewritten(): void {
    this.unsure = true;
    if (!this.isLed) this.isLost = true;
  }

  unknowable(because: string): void {
    // What comes after an unknown translation is guessed for a packet that may not be.
    if (!this.unsure) this.doubt = because;
    this.rewritten();
  }

  fate(): Fate & Explanation {
    const verdict = this.denied !== '' ? 'denied' : this.doubt !== '' ? 'unknown' : 'allowed';
    const lines = this.lines.map(({ line, text }) => ({ number: line, text }));
    const settledBy = verdict === 'denied' ? [this.deniedBy] : verdict === 'unknown' ? [] : this.passing.settledBy;
    const because = this.denied || this.doubt || this.passing.because;
    const reaches = this.isLost
      ? 'whatever it was rewritten to'
      : this.isLedToAny
        ? 'one of some'
        : `${this.packet.destination} ${this.packet.port}`;
    return { verdict, lines, because, settledBy, leaves: this.packet, reaches, guessed: this.guessed };
  }
}
