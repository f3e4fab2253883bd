import { Address } from '../../net/address';
import { keyText } from '../../net/interned';
import { contains } from '../../net/range';
import { Seen, eitherSeen } from '../context';
import { BaseChain } from '../model';
import { MOST_OPTIONS, TOO_MANY } from '../outcomes';
import { Ending } from './chain';
import { Journey } from './journey';
import { isLeftAlone } from './match';
import { Marking } from './marking';
import { natsAt } from './order';
import { Result, translated } from './translate';
import { variants } from './variants';

/** What translations make of a packet on its way. */
export class Translations {
  private readonly marking: Marking;

  constructor(private readonly journey: Journey) {
    this.marking = new Marking(journey);
  }

  /** All nat chains in turn: the first that translates decides; of chains with one priority either may be first. */
  ask(hook: string): void {
    const { journey } = this;
    const { ct, phase } = journey.context;
    if (ct === 'untracked' || ct === 'none' || phase === 'stray' || journey.denied !== '') return;
    if (journey.ruleset.box.translates === 'tracked' && isLeftAlone(journey.packet)) return;
    let found: readonly Ending[] = [];
    let open = true;
    const { marks } = journey.context;
    // What marks the first packet of this one's session had, this one doesn't tell.
    if (phase !== 'first') journey.context = { ...journey.context, marks: this.marking.perhaps(journey.bases) };
    for (const group of natsAt(journey.bases, hook, journey.context)) {
      const { during, behind } = this.passed(group, found.length > 0);
      journey.context = { ...journey.context, ...during };
      const said = group
        .map((base) => journey.walk(base, 'nat', { phase: 'first' }))
        .filter((endings) => !isSilent(endings));
      journey.context = { ...journey.context, ...behind };
      if (said.length === 0) continue;
      const endings = said.length === 1 ? said[0]! : this.anyFirst(hook, said);
      found = [...found, ...endings.filter(({ is }) => is !== 'accept')];
      open = endings.some(({ is }) => is === 'accept');
      if (!open) break;
    }
    if (phase !== 'first') journey.context = { ...journey.context, marks };
    if (found.length > 0) this.translate(hook, found, open);
  }

  private passed(
    group: readonly BaseChain[],
    mayBeTranslated: boolean,
  ): { readonly during: Seen; readonly behind: Seen } {
    const { ct, marks } = this.journey.context;
    const { during, behind } = this.marking.passed(group, false);
    return { during, behind: mayBeTranslated || ct === 'unclear' ? eitherSeen({ ct, marks }, behind) : behind };
  }

  /** Chains that make the same of this packet need no order, however they say it. Where one surely translates it, it isn't left as it is. */
  private anyFirst(hook: string, said: readonly (readonly Ending[])[]): readonly Ending[] {
    const results = said.map((endings) => keyText(endings.map((one) => this.translated(one, hook))));
    if (new Set(results).size === 1) return said[0]!;
    const isSure = said.some((endings) => !endings.some(({ is }) => is === 'accept'));
    return said.flatMap((endings) =>
      endings.flatMap((one) =>
        isSure && one.is === 'accept' ? [] : [{ ...one, because: one.because || EITHER_FIRST }],
      ),
    );
  }

  /** `open`: or not at all. */
  private translate(hook: string, found: readonly Ending[], open: boolean): void {
    const { journey } = this;
    const { phase, ct } = journey.context;
    // Of a session only the first packet asks nat chains.
    if (phase !== 'first' && !open && found.every(({ is }) => is === 'drop')) return;
    const results = found.map((ending) => this.translated(ending, hook));
    const undecided = results.find(({ is }) => is === 'unknown');
    if (ct === 'unclear') return journey.unknowable('it may not be tracked');
    if (undecided?.is === 'unknown') return journey.unknowable(undecided.because);
    const different = new Map(
      results.map((one, i) => [`${keyText(one)} ${skipsFilter(found[i]!)}`, { one, ending: found[i]! }]),
    );
    const options = [...different.values(), ...(open ? [undefined] : [])];
    if (options.length > 1 && options.some((option) => option?.one.is === 'drop'))
      return journey.unknowable('a translation may match or not');
    if (options.length > MOST_OPTIONS) return journey.unknowable(TOO_MANY);
    const chosen = journey.guess(options, found);
    if (!chosen) return;
    const { one, ending } = chosen;
    if (ending.rule) journey.lines.push(ending.rule);
    if (one.is === 'drop') return journey.deny('a nat chain drops it');
    if (one.is !== 'packet') return;
    journey.isNew = false;
    const isSource = hook === 'input' || hook === 'postrouting';
    if (skipsFilter(ending)) {
      journey.skipsFilter = true;
      journey.passing.translated(ending.rule);
    }
    if (isSource) this.becomeSource(one);
    else this.becomeDestination(one, ending);
  }

  private translated(ending: Ending, hook: string): Result {
    const { journey } = this;
    const result = translated(ending, journey.packet, hook, journey.context, journey.surroundings);
    // What the box does to all packets it does to those without ports, too.
    const { end } = ending;
    return result.is === 'packet' &&
      journey.ruleset.box.translates === 'all' &&
      end?.is === 'translate' &&
      end.kind === 'snat'
      ? { ...result, portFree: end.random }
      : result;
  }

  private becomeSource({ packet, unclear, portFree }: Result & { is: 'packet' }): void {
    const { journey } = this;
    const moved = packet.source !== journey.packet.source;
    journey.context = { ...journey.context, snat: unclear || (portFree && !moved) ? 'unclear' : moved, portFree };
    journey.hidden = unclear ? 'source' : portFree ? 'port' : 'nothing';
    journey.packet = packet;
  }

  private becomeDestination({ packet, among }: Result & { is: 'packet' }, ending: Ending): void {
    const { journey } = this;
    const changed = packet.destination !== journey.packet.destination || packet.port !== journey.packet.port;
    journey.context = { ...journey.context, dnat: changed };
    journey.isLedToAny = among !== undefined;
    journey.packet = packet;
    if (!among) return;
    // Led to one of some: where it can leave for none of them, it is denied.
    const because = ending.end?.is === 'one of' ? ending.end.because : '';
    journey.doubt ||= because;
    const told = journey.bases.map((base) => variants(base, packet, 'destination', journey.surroundings));
    if (told.includes(undefined)) return journey.rewritten();
    const values = [
      ...told.flatMap((some) => (some ?? []).map(({ destination }) => destination)),
      ...journey.surroundings.boundaries().flatMap(({ first, last }) => [first, last + 1n]),
      ...among.map(({ first }) => first),
    ];
    const destinations = [...new Set(values)].filter((address) => among.some((range) => contains(range, address)));
    journey.packet = { ...packet, destination: journey.guesses.oneOf(destinations) as Address };
  }
}

const EITHER_FIRST = 'either of two translations may be first';

const skipsFilter = ({ end }: Ending): boolean => end !== undefined && 'skipsFilter' in end && end.skipsFilter === true;

const isSilent = ([only, ...more]: readonly Ending[]): boolean => only?.is === 'accept' && more.length === 0;
