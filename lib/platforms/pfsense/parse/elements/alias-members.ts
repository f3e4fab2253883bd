import { XmlElement } from '../../../../xml/xml';
import { textAt } from './element';

/** The words of an alias, in order. */
export const membersOf = (alias: XmlElement): readonly string[] =>
  textAt(alias, 'address')
    .split(/\s+/)
    .filter((word) => word !== '');
