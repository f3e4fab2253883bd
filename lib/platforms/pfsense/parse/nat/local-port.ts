import { NumberRange } from '../../../../net/device';
import { PfTargetPort } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Aliases } from '../packets/aliases';
import { textAt } from '../elements/element';
import { portAt, portsAt } from '../elements/literals';
import { Unloadable } from '../elements/unloadable';

/** Undefined: the port stays. */
export type LocalPort = PfTargetPort | undefined;

/**
 * The port behind a forward. A range keeps its distances; of an alias the first port counts, as pf takes one, and from a range there each
 * next port gets the next. What isn't a port leaves the port as it is.
 */
export function localPort(element: XmlElement, aliases: Aliases): LocalPort {
  const [written, outside] = [textAt(element, 'local-port'), textAt(element, 'destination', 'port')];
  if (written === outside) return undefined;
  const range = aliases.kindOf(outside) === undefined ? portsAt(outside, '-') : undefined;
  if (aliases.kindOf(written) === 'ports') {
    const inner = portsOfWord(aliases.words(written)[0]);
    if (!inner || inner.first === inner.last) return inner && toPort(inner.first);
    const [first, ...more] = outsideOf(outside, aliases);
    return more.length > 0 ? toPort(inner.first) : { is: 'shifted', from: first?.first ?? 0, to: inner };
  }
  const local = portAt(written);
  if (local === undefined || range?.first === local) return undefined;
  if (!range || range.first === range.last) return toPort(local);
  const last = local + range.last - range.first;
  if (last > 65_535) throw new Unloadable(element, `its ports end at ${last}, which is no port`);
  return { is: 'shifted', from: range.first, to: { first: local, last } };
}

/** Of several ports outside each is a rule of its own, which counts from its own first: then one port can't be told of a range among them. */
export function isLedApart(element: XmlElement, aliases: Aliases): boolean {
  const inner = portsOfWord(aliases.words(textAt(element, 'local-port'))[0]);
  const outside = outsideOf(textAt(element, 'destination', 'port'), aliases);
  return (
    inner !== undefined &&
    inner.first !== inner.last &&
    outside.length > 1 &&
    outside.some(({ first, last }) => first !== last)
  );
}

const portsOfWord = (word: string | undefined): NumberRange | undefined =>
  word === undefined ? undefined : portsAt(word, ':');

/** As the box writes them into the rule: all of them it doesn't write. */
function outsideOf(written: string, aliases: Aliases): readonly NumberRange[] {
  const all = aliases.kindOf(written) === 'ports' ? aliases.words(written).map(portsOfWord) : [portsAt(written, '-')];
  return all.flatMap((range) => (range && !(range.first === 1 && range.last === 65_535) ? [range] : []));
}

const toPort = (port: number): PfTargetPort => ({ is: 'one', port });
