import { XmlElement, escapeXml } from '../../../xml/parse-xml';

/** What the box writes as CDATA, by how its name begins. Source: pfSense, xmlparse.inc. */
export const isInCdata = (name: string): boolean => /^(descr|detail|rangedescr|text|state)/i.test(name);

/**
 * An element's text as it is spelt in its place. In CDATA the box escapes and resolves entities all the same, those of HTML too, so that
 * what was read from CDATA keeps its entities where it is CDATA again.
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
