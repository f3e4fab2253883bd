import { Family } from '../../../../net/address';
import { icmpTypeNamed } from '../../../../parse/pf/text/names';
import { XmlElement } from '../../../../xml/xml';
import { textAt } from '../elements/element';
import { portsOf } from '../../../../parse/pf/matched';
import { KnownPorts } from '../../../../parse/pf/known';
import { Unloadable } from '../elements/unloadable';

/** Not every release of pf has it. */
const NEW = 'listenrepv2';

/** The types that a rule names; undefined for all. Throws for names that pf has not. */
export function icmpTypes(element: XmlElement, family: Family): KnownPorts | undefined {
  const written = textAt(element, 'icmptype');
  if (written === '' || written === 'any') return undefined;
  const words = written.split(',').map((word) => word.trim());
  return portsOf(
    ...words.map((word) => {
      const number = /^\d{1,3}$/.test(word)
        ? Number(word)
        : word === NEW
          ? undefined
          : icmpTypeNamed(word, family === 'ip6');
      if (number === undefined || number > 255)
        throw new Unloadable(element, `pf knows no ICMP type ${word.slice(0, 80)} for this family`);
      return number;
    }),
  );
}
