// Finds the internal port of a pfSense port forward (`local-port`): one port, or a range that keeps its offsets.

import { NumberRange } from '../../../../net/device';
import { PfTargetPort } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { AliasTable } from '../packets/alias-table';
import { getText } from '../elements/element';
import { parsePort, parsePortRange } from '../elements/parse-literals';
import { Unloadable } from '../elements/unloadable';

/** Undefined: the port stays. */
export type LocalPort = PfTargetPort | undefined;

/**
 * Returns the port behind a forward. A range keeps its offsets. Of an alias pf takes the first port; if that is a
 * range, each next external port gets the next port of it. A text that isn't a port leaves the port unchanged.
 */
export function findLocalPort(element: XmlElement, aliases: AliasTable): LocalPort {
  const [written, outside] = [getText(element, 'local-port'), getText(element, 'destination', 'port')];
  if (written === outside) return undefined;
  const range = aliases.getKind(outside) === undefined ? parsePortRange(outside, '-') : undefined;
  if (aliases.getKind(written) === 'ports') {
    const inner = parsePortWord(aliases.words(written)[0]);
    if (!inner || inner.first === inner.last) return inner && toTargetPort(inner.first);
    const [first, ...more] = listExternalPorts(outside, aliases);
    return more.length > 0 ? toTargetPort(inner.first) : { is: 'shifted', from: first?.first ?? 0, to: inner };
  }
  const local = parsePort(written);
  if (local === undefined || range?.first === local) return undefined;
  if (!range || range.first === range.last) return toTargetPort(local);
  const last = local + range.last - range.first;
  if (last > 65_535) throw new Unloadable(element, `its ports end at ${last}, which is no port`);
  return { is: 'shifted', from: range.first, to: { first: local, last } };
}

/**
 * Returns whether each of several external ports is a rule of its own. Each rule counts from its own first port, so the
 * target of a port within a range isn't known.
 */
export function isTranslatedPerPort(element: XmlElement, aliases: AliasTable): boolean {
  const inner = parsePortWord(aliases.words(getText(element, 'local-port'))[0]);
  const outside = listExternalPorts(getText(element, 'destination', 'port'), aliases);
  return (
    inner !== undefined &&
    inner.first !== inner.last &&
    outside.length > 1 &&
    outside.some(({ first, last }) => first !== last)
  );
}

const parsePortWord = (word: string | undefined): NumberRange | undefined =>
  word === undefined ? undefined : parsePortRange(word, ':');

/** Returns the ports that the box writes into the rule; it doesn't write a range of all ports. */
function listExternalPorts(written: string, aliases: AliasTable): readonly NumberRange[] {
  const ranges =
    aliases.getKind(written) === 'ports' ? aliases.words(written).map(parsePortWord) : [parsePortRange(written, '-')];
  return ranges.flatMap((range) => (range && !(range.first === 1 && range.last === 65_535) ? [range] : []));
}

const toTargetPort = (port: number): PfTargetPort => ({ is: 'one', port });
