import { Stays } from './sieve';
import { isInCdata } from './spelling';

/** As the box writes it: tabs, one element a line, free text in CDATA. */
export const rendered = (elements: readonly Stays[], depth: number): string => elements.map((element) => line(element, depth)).join('');

function line({ name, text, children }: Stays, depth: number): string {
  const indent = '\t'.repeat(depth);
  if (children.length > 0) return `${indent}<${name}>\n${rendered(children, depth + 1)}${indent}</${name}>\n`;
  const shown = text === '' || !isInCdata(name) ? text : `<![CDATA[${text}]]>`;
  return `${indent}<${name}>${shown}</${name}>\n`;
}
