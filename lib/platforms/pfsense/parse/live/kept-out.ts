import { XmlElement, parseXml } from '../../../../xml/xml';
import { childOf, isSet, listOf, textAt } from '../elements/element';
import { parted, storedLines, unitIn, unitName } from './entries';

/**
 * Whether a rule says by whom or by what something comes: a block that says at most where to is a default that somebody wrote, of the box or
 * of some hosts, behind what passes to them.
 */
export function namesSomething(rule: XmlElement): boolean {
  const source = childOf(rule, 'source');
  const ports = ['source', 'destination'].some((end) => textAt(rule, end, 'port') !== '');
  const protocol = textAt(rule, 'protocol').toLowerCase();
  return (source !== undefined && !isSet(source, 'any')) || ports || !['', 'any'].includes(protocol);
}

const isBlock = (rule: XmlElement): boolean => ['block', 'reject'].includes(textAt(rule, 'type'));

/** A pass of everything at the end of each interface's page. */
const passing = (root: XmlElement): string =>
  (childOf(root, 'interfaces')?.children ?? [])
    .map(
      ({ name }) =>
        `<rule><type>pass</type><interface>${name.toLowerCase()}</interface><ipprotocol>inet46</ipprotocol>` +
        '<source><any></any></source><destination><any></any></destination></rule>',
    )
    .join('');

/** See Live: rules of this owner and blocks of everything are taken out, and behind the others everything passes. */
export function keptOut(text: string, owner: string): string | undefined {
  const lines = text.split('\n');
  const { entries, sections } = parted(lines);
  const stored = [...storedLines(lines, sections)];
  const root = parseXml(stored.join('\n'));
  const byLine = new Map(entries.map((entry) => [entry.first, entry]));
  let named = false;
  for (const rule of listOf(childOf(root, 'filter'), 'rule')) {
    const entry = byLine.get(rule.line);
    const isOwn = entry && unitIn(entry.text)?.name === unitName(owner);
    if (entry && (isOwn || (isBlock(rule) && !namesSomething(rule)))) stored.fill('', entry.first - 1, entry.last);
    else named ||= isBlock(rule);
  }
  if (!named) return undefined;
  const end = stored.findIndex((line) => line.includes('</filter>'));
  if (end >= 0) stored[end] = stored[end]!.replace('</filter>', `${passing(root)}</filter>`);
  return stored.join('\n');
}
