// Parses the ICMP types of a pfSense rule (`<icmptype>`): names or numbers, separated by commas.

import { Family } from '../../../../net/address';
import { findIcmpType } from '../../../../parse/pf/text/protocol-numbers';
import { XmlElement } from '../../../../xml/parse-xml';
import { getText } from '../elements/element';
import { createPortBounds } from '../../../../parse/pf/match-packets';
import { PortBounds } from '../../../../parse/pf/range-bounds';
import { Unloadable } from '../elements/unloadable';

/** A type that not every release of pf has. */
const UNSUPPORTED_TYPE = 'listenrepv2';

/**
 * Returns the types that a rule names; undefined for all.
 *
 * @throws Unloadable for a name that pf doesn't know.
 */
export function parseIcmpTypes(element: XmlElement, family: Family): PortBounds | undefined {
  const written = getText(element, 'icmptype');
  if (written === '' || written === 'any') return undefined;
  const words = written.split(',').map((word) => word.trim());
  return createPortBounds(
    ...words.map((word) => {
      const number = /^\d{1,3}$/.test(word)
        ? Number(word)
        : word === UNSUPPORTED_TYPE
          ? undefined
          : findIcmpType(word, family === 'ip6');
      if (number === undefined || number > 255)
        throw new Unloadable(element, `pf knows no ICMP type ${word.slice(0, 80)} for this family`);
      return number;
    }),
  );
}
