import { PfTargetPort } from '../../../reading/pf/model';
import { XmlElement } from '../../../xml/xml';
import { Aliases } from './aliases';
import { textAt } from './element';
import { portAt, portsAt } from './literals';
import { KnownPorts } from '../../../reading/pf/known';
import { Unloadable } from './unloadable';

/** Undefined: the port stays. */
export type LocalPort = PfTargetPort | undefined;

/**
 * The port behind a forward. A range keeps its distances; of an alias the first port counts, as pf takes one. What isn't a port leaves the
 * port as it is.
 */
export function localPort(element: XmlElement, ports: KnownPorts | undefined, aliases: Aliases): LocalPort {
  const [written, outside] = [textAt(element, 'local-port'), textAt(element, 'destination', 'port')];
  if (written === outside) return undefined;
  if (aliases.kindOf(written) === 'ports') {
    const [first] = aliases.words(written);
    const range = first === undefined ? undefined : portsAt(first, ':');
    return range && toPort(range.first);
  }
  const local = portAt(written);
  if (local === undefined) return undefined;
  const range = aliases.kindOf(outside) === undefined ? ports?.sure[0] : undefined;
  if (!range || range.first === range.last) return toPort(local);
  if (range.first === local) return undefined;
  const last = local + range.last - range.first;
  if (last > 65_535) throw new Unloadable(element, `its ports end at ${last}, which is no port`);
  return { is: 'shifted', from: range.first, to: { first: local, last } };
}

const toPort = (port: number): PfTargetPort => ({ is: 'one', port });
