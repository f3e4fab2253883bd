import { PacketMap, PacketSet } from '../../net/packet-map';

/**
 * What may become of a packet: one of `options`, and where it goes on also what comes after. More than one, or going on, only where a
 * rule may match or not. Interned by the Choices that made it.
 */
export interface Choice<T> {
  readonly options: readonly T[];
  readonly goesOn: boolean;
  readonly because: string;
}

/** A rule of a first-match list: for certain, or with a doubt. */
export interface Entry<T> {
  readonly packets: PacketSet;
  readonly option: T;
  readonly doubt?: string;
}

/** So many options of one packet are told apart; past it, nothing is said of it. */
export const MOST_OPTIONS = 6;

/** Interns choices: maps tell their values apart by identity. Options are told apart by identity, too. */
export class Choices<T extends object> {
  private readonly numbers = new Map<T, number>();
  private readonly known = new Map<string, Choice<T>>();

  of(options: readonly T[], goesOn = false, because = ''): Choice<T> {
    const kept = [...new Set(options)].slice(0, MOST_OPTIONS + 1);
    const why = goesOn || kept.length > 1 ? because : '';
    const key = `${kept.map((one) => this.numberOf(one)).join(' ')}${goesOn ? '+' : ''} ${why}`;
    let found = this.known.get(key);
    if (!found) this.known.set(key, (found = { options: kept, goesOn, because: why }));
    return found;
  }

  /** First match over the entries in their order. Defined where one of them matches or may match. */
  first(entries: readonly Entry<T>[]): PacketMap<Choice<T>> {
    const parts: PacketMap<Choice<T>>[] = [];
    let sure: PacketMap<Choice<T>>[] = [];
    const flush = (): void => {
      if (sure.length > 0) parts.push(PacketMap.first(sure));
      sure = [];
    };
    for (let i = 0; i < entries.length;) {
      const { option, doubt } = entries[i]!;
      const start = i;
      while (i < entries.length && entries[i]!.option === option && entries[i]!.doubt === doubt) i++;
      const packets = PacketMap.first(entries.slice(start, i).map((one) => one.packets));
      const choice = this.of([option], doubt !== undefined, doubt);
      if (doubt === undefined) sure.push(packets.map(() => choice));
      else {
        flush();
        parts.push(packets.map(() => choice));
      }
    }
    flush();
    return this.inTurn(parts);
  }

  /** Lists one after another: the next is asked where the one before has no answer or may go on. */
  inTurn(lists: readonly PacketMap<Choice<T>>[]): PacketMap<Choice<T>> {
    let round = lists;
    while (round.length > 1) {
      const next: PacketMap<Choice<T>>[] = [];
      for (let i = 0; i < round.length; i += 2) {
        const after = round[i + 1];
        next.push(after ? round[i]!.with(after, (a, b) => this.settled(a, b)) : round[i]!);
      }
      round = next;
    }
    return round[0] ?? PacketMap.nothing<Choice<T>>();
  }

  private settled(first: Choice<T> | undefined, rest: Choice<T> | undefined): Choice<T> | undefined {
    if (!first || !rest) return first ?? rest;
    if (!first.goesOn) return first;
    return this.of([...first.options, ...rest.options], rest.goesOn, first.because);
  }

  private numberOf(option: T): number {
    let found = this.numbers.get(option);
    if (found === undefined) this.numbers.set(option, (found = this.numbers.size));
    return found;
  }
}
