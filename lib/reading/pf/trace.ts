import { familyOf } from '../../net/address';
import { Device, Vantage, wayOut } from '../../net/device';
import { PROTOCOL, Packet } from '../../net/packet';
import { contains } from '../../net/range';
import { Explanation, Settled } from '../reader';
import { SYN_ACK, answerTo, blocksByFlags } from './answers';
import { MOST_OPTIONS } from './choices';
import { SYN, strayFlags } from './flags';
import { PfRules } from './model';
import {
  ANOTHER_WAY_OUT,
  CHOSEN_PORT,
  EITHER_WAY,
  FLAGS,
  OTHER_FAMILY,
  TOO_MANY,
  UNKNOWN_SOURCE,
  WITHOUT_STATE,
  orAsRouted,
  pastItsWay,
  said,
} from './standing';
import { Change } from './trace-change';
import { Fate, Sofar, allowed, anyOf, denied, doubt, noted, passed, settledBy, undecided } from './trace-fate';
import { Verb, Way, translations, variants, verbs } from './trace-list';
import { LOOPBACK_INTERFACE, Ways, isAmong } from './ways';

/** What becomes of one packet, by walking the rules one after another; the sets of the whole have no part in it. */
export function tracePf(rules: PfRules, device: Device, vantage: Vantage, packet: Packet): Explanation {
  return explained(new Trace(rules, new Ways(device), vantage, SYN).from(packet));
}

/** What becomes of one that has no state and begins no connection: of TCP what some of its flags may bring it to. */
export function traceStray(rules: PfRules, device: Device, vantage: Vantage, packet: Packet): Explanation {
  const ways = new Ways(device);
  const fates = strayFlags(rules).map((has) => new Trace({ ...rules, strays: true }, ways, vantage, has).from(packet));
  const better = (a: Fate, b: Fate): Fate => (RANK[b.verdict] > RANK[a.verdict] ? b : a);
  return explained(fates.reduce((a, b) => (a.verdict === b.verdict && a.verdict !== 'denied' ? anyOf([a, b], FLAGS) : better(a, b))));
}

const RANK: Readonly<Record<Fate['verdict'], number>> = { denied: 0, unknown: 1, allowed: 2 };

function explained({ verdict, because, settledBy: by, after }: Fate): Explanation {
  const lines = after.lines.map(({ number, text }) => ({ number, text }));
  return { verdict, lines, because, settledBy: by, leaves: after.packet };
}

class Trace {
  constructor(
    private readonly rules: PfRules,
    private readonly ways: Ways,
    private readonly vantage: Vantage,
    /** The flags that it has if it is of TCP. */
    private readonly has: number,
  ) {}

  from(packet: Packet): Fate {
    const start: Sofar = { packet, lines: [], passedBy: [], destination: 'kept', source: 'kept', freePort: false };
    const { kind } = this.vantage;
    const isLocal = (address: bigint): boolean => isAmong(this.ways.local, address);
    const { source, destination } = packet;
    if (kind === 'self' && (isLocal(destination) || !isAmong(this.ways.own, source))) return denied(start, NOBODY);
    if (kind === 'localhost' && !(isLocal(destination) && isLocal(source))) return denied(start, NOBODY);
    const { unloadable } = this.rules;
    if (unloadable) return undecided(noted(start, unloadable.line), said(unloadable.line, unloadable.because));
    if (this.vantage.kind === 'interface') return this.inward(this.vantage.name, start);
    return kind === 'self' ? this.own(start) : this.looped(start);
  }

  private own(start: Sofar): Fate {
    const towards = this.ways.towards(start.packet.destination);
    const way = towards?.is === 'by' ? towards.name : wayOut(this.ways.device, this.vantage);
    const names = way === undefined ? this.ways.device.interfaces.map(({ name }) => name) : [way];
    if (names.length === 0) return denied(start, NO_WAY);
    return anyOf(
      names.map((name) => this.outward(name, start)),
      EITHER_WAY,
    );
  }

  private looped(start: Sofar): Fate {
    const { ways, because } = translations(this.rules, LOOPBACK_INTERFACE, 'out', start.packet);
    if (ways.length > MOST_OPTIONS) return undecided({ ...start, source: 'unclear' }, TOO_MANY);
    return anyOf(
      ways.map((way) => this.cameBack(this.wentOut(LOOPBACK_INTERFACE, start, way))),
      because,
    );
  }

  private cameBack(out: Fate): Fate {
    if (out.verdict === 'denied') return out;
    if (out.after.source === 'unclear') return doubt(out, UNKNOWN_SOURCE);
    if (out.after.freePort) return doubt(out, CHOSEN_PORT);
    const back = this.inward(LOOPBACK_INTERFACE, out.after);
    return out.verdict === 'unknown' ? doubt(back, out.because) : back;
  }

  private inward(name: string, sofar: Sofar): Fate {
    const { ways, because } = translations(this.rules, name, 'in', sofar.packet);
    if (ways.length > MOST_OPTIONS) return undecided({ ...sofar, destination: 'unclear' }, TOO_MANY);
    return anyOf(
      ways.map((way) => this.cameIn(name, sofar, way)),
      because,
    );
  }

  private cameIn(name: string, before: Sofar, { does, line }: Way<Change | undefined>): Fate {
    if (!does) return this.filtered(name, before, this.answered(name, 'out', before.packet));
    const sofar = noted(before, line);
    if (does.address === undefined) return this.oneOf(name, sofar, does, said(line!, does.because));
    const { packet } = sofar;
    if (familyOf(does.address) !== familyOf(packet.destination)) return undecided(sofar, OTHER_FAMILY);
    return this.ledTo(name, sofar, does, does.address);
  }

  private ledTo(name: string, sofar: Sofar, { port, pass, how }: Change, destination: Packet['destination']): Fate {
    const { packet } = sofar;
    const led = {
      ...sofar,
      packet: { ...packet, destination, port: port ?? packet.port },
      destination: port === undefined ? how : `${how} port ${port}`,
    };
    return pass ? this.routed(byTranslation(led), undefined, BY_TRANSLATION) : this.filtered(name, led, true);
  }

  /** Led to one of some: where it can leave for none of them, it is denied. */
  private oneOf(name: string, sofar: Sofar, change: Change, because: string): Fate {
    const ported = { ...sofar.packet, port: change.port ?? sofar.packet.port };
    const told = variants(this.rules, ported, 'destination');
    if (!told) return undecided({ ...sofar, destination: 'unclear' }, because);
    const some = [
      ...told.map(({ destination }) => destination),
      ...this.ways.boundaries(),
      ...change.among.map(({ first }) => first as Packet['destination']),
    ].filter((address) => change.among.some((range) => contains(range, address)));
    const fates = [...new Set(some)].map((address) => this.ledTo(name, sofar, change, address));
    if (fates.every(({ verdict }) => verdict === 'denied')) return fates[0] ?? denied(sofar, because);
    return undecided({ ...sofar, destination: 'unclear' }, because);
  }

  /** Whether the first answer surely passes an interface that sees it untranslated. */
  private answered(name: string, way: 'in' | 'out', packet: Packet): boolean {
    const { rules } = this;
    const answer = answerTo(packet);
    if (rules.strays === true || rules.skipped.includes(name) || !answer) return true;
    const isTcp = packet.protocol === PROTOCOL.tcp;
    if ((isTcp && blocksByFlags(rules)) || translations(rules, name, way, answer).ways.some(({ does }) => does)) return false;
    const { ways } = verbs(rules, name, way, [answer], SYN_ACK);
    return ways.every(({ does }) => does.action === 'pass' && does.routedTo === undefined && !(isTcp && does.state));
  }

  private filtered(name: string, sofar: Sofar, answered: boolean): Fate {
    const { ways, because } = verbs(this.rules, name, 'in', [sofar.packet], this.has);
    return this.byWords(name, ways, because, sofar, (verb, after, why) => {
      const fate = this.routed(after, verb.routedTo, why);
      return verb.state || answered ? fate : doubt(fate, WITHOUT_STATE);
    });
  }

  private byWords(
    name: string,
    ways: readonly Way<Verb>[],
    because: string,
    sofar: Sofar,
    passing: (verb: Verb, after: Sofar, why: string) => Fate,
  ): Fate {
    if (ways.length > MOST_OPTIONS) return undecided(sofar, TOO_MANY);
    const fates = ways.map(({ does, line }) => {
      const after = noted(sofar, line);
      if (does.action === 'block') return denied(after, `line ${line!.number} blocks it`, settledBy(line!));
      const by = line ? settledBy(line) : this.withoutRule(name);
      // What lets out whatever was let in settles nothing.
      const settles = sofar.passedBy.length === 0 || (line !== undefined && !line.isName);
      return passing(does, settles ? passed(after, by) : after, line ? `line ${line.number} passes it` : by.words!);
    });
    return anyOf(fates, because);
  }

  private withoutRule(name: string): Settled & Required<Pick<Settled, 'words'>> {
    const { off, skipped } = this.rules;
    if (off) return { words: 'the filter is off', ...(off === 'told' ? {} : { line: off.number }) };
    return { words: skipped.includes(name) ? `pf skips ${name}` : 'no rule matches it, and then it passes' };
  }

  private routed(sofar: Sofar, routedTo: string | undefined, why: string): Fate {
    const { destination } = sofar.packet;
    const towards = this.ways.towards(destination);
    if (routedTo !== undefined) {
      const fate = this.outward(routedTo, sofar);
      if (!towards || (towards.is === 'by' && towards.name === routedTo)) return fate;
      if (!isAmong(this.ways.near, destination)) return doubt(fate, pastItsWay(routedTo));
      const because = orAsRouted(routedTo);
      return doubt(anyOf([this.routed(sofar, undefined, why), fate], because), because);
    }
    if (towards?.is === 'local') return allowed(sofar, why);
    if (!this.ways.device.forwarding) return denied(sofar, 'the device does not forward');
    const name = towards?.name ?? wayOut(this.ways.device, this.vantage);
    return name === undefined ? denied(sofar, NO_WAY) : this.outward(name, sofar);
  }

  private outward(name: string, sofar: Sofar): Fate {
    const { ways, because } = translations(this.rules, name, 'out', sofar.packet);
    if (ways.length > MOST_OPTIONS) return undecided({ ...sofar, source: 'unclear', freePort: true }, TOO_MANY);
    return anyOf(
      ways.map((way) => this.wentOut(name, sofar, way)),
      because,
    );
  }

  private wentOut(name: string, before: Sofar, { does, line }: Way<Change | undefined>): Fate {
    const { packet } = before;
    if (!does) return this.letOut(name, before, [packet], this.answered(name, 'in', packet), '');
    const { address, how, freePort } = does;
    const source = address === undefined ? 'unclear' : how === 'kept' ? before.source : `${before.source} ${how}`;
    const sofar: Sofar = { ...noted(before, line), source, freePort };
    if (address !== undefined && familyOf(address) !== familyOf(packet.source))
      return undecided({ ...sofar, source: 'unclear' }, OTHER_FAMILY);
    const after = address === undefined ? sofar : { ...sofar, packet: { ...packet, source: address } };
    if (does.pass) return allowed(byTranslation(after), BY_TRANSLATION);
    const asked = address === undefined ? UNKNOWN_SOURCE : CHOSEN_PORT;
    const sources = address === undefined ? variants(this.rules, packet, 'source') : [after.packet];
    const some = freePort ? sources?.map((one) => variants(this.rules, one, 'sourcePort')) : [sources];
    if (!some || some.includes(undefined)) return undecided(after, asked);
    return this.letOut(
      name,
      after,
      some.flatMap((one) => one ?? []),
      true,
      asked,
    );
  }

  private letOut(name: string, sofar: Sofar, some: readonly Packet[], answered: boolean, asked: string): Fate {
    const { ways, because } = verbs(this.rules, name, 'out', some, this.has);
    return this.byWords(name, ways, because || asked, sofar, ({ routedTo, state }, after, why) => {
      if (routedTo !== undefined && routedTo !== name) return undecided(after, ANOTHER_WAY_OUT);
      return state || answered ? allowed(after, why) : undecided(after, WITHOUT_STATE);
    });
  }
}

const BY_TRANSLATION = 'a translation passes it';
const byTranslation = (sofar: Sofar): Sofar =>
  passed(sofar, sofar.lines.length > 0 ? settledBy(sofar.lines.at(-1)!) : { words: BY_TRANSLATION });

const NO_WAY = 'the device has no way there';
const NOBODY = 'no process of the device sends that';
