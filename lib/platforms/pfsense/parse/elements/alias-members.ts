// Lists the members of an alias element of pfSense's config.xml.

import { XmlElement } from '../../../../xml/parse-xml';
import { getText } from './element';

/** Returns the words of an alias, in order. */
export const listMembers = (alias: XmlElement): readonly string[] =>
  getText(alias, 'address')
    .split(/\s+/)
    .filter((word) => word !== '');
