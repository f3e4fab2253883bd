// Computes the key by which the kernel refuses a translation of pf as a duplicate of an earlier one.

import { Family } from '../../../../net/address';
import { XmlElement } from '../../../../xml/parse-xml';
import { findChild, isSet, getText } from '../elements/element';
import { parsePrefixLiteral } from '../elements/parse-literals';

/**
 * Returns the part of a translation that the kernel compares: two entries with one key differ in their targets alone.
 */
export function getDuplicateKey(
  element: XmlElement,
  interfaceName: string,
  family: Family,
  ...more: readonly string[]
): string {
  const printSide = (name: string): string => {
    const at = findChild(element, name);
    const any = isSet(at, 'any');
    const words = any ? 'any' : getText(at, 'network') || maskHostBits(getText(at, 'address'));
    return `${isSet(at, 'not') && !any ? '!' : ''}${words} ${getText(at, 'port')}`;
  };
  const no = ['nobinat', 'nordr', 'nonat'].some((flag) => isSet(element, flag)) ? 'no' : '';
  return [
    no,
    interfaceName,
    family,
    getText(element, 'protocol').toLowerCase(),
    printSide('source'),
    printSide('destination'),
    ...more,
  ].join('|');
}

function maskHostBits(text: string): string {
  const prefix = parsePrefixLiteral(text);
  return prefix ? `${prefix.first}/${prefix.length}` : text;
}
