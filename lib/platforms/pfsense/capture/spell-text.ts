// Spells the text of an XML element as pfSense writes it: which elements have CDATA, and which characters are
// escaped.

import { XmlElement, escapeXml } from '../../../xml/parse-xml';

/** Returns whether the box writes an element as CDATA, by the start of its name. Source: pfSense, xmlparse.inc. */
export const isInCdata = (name: string): boolean => /^(descr|detail|rangedescr|text|state)/i.test(name);

/**
 * Returns the escaped text of an element. In CDATA the box escapes and resolves entities all the same, also those of
 * HTML. So text from CDATA keeps its entities if it becomes CDATA again.
 */
export function spellText({ name, text, cdata }: XmlElement): string {
  const trimmed = text.replace(/^[\t\r\n]+|[\t\r\n]+$/g, '');
  if (trimmed.trim() === '') return '';
  if (!isInCdata(name)) return escapeXml(cdata ? resolveEntities(trimmed) : trimmed);
  return cdata ? trimmed.replace(/&(?!#?\w+;)|[<>"']/g, escapeXml) : escapeXml(trimmed);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#039': "'",
};

const resolveEntities = (text: string): string =>
  text.replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
