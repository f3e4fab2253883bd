// Returns the box's config.xml with only the operator's specific blocks: without this owner's rules and default
// blocks, and with a pass of everything at the end. `verify` finds by it packets that pass only because the owner's
// rules stand before such a block.
import { XmlElement, parseXml } from '../../../../xml/parse-xml';
import { findChild, isSet, listChildren, getText } from '../elements/element';
import { splitEntries, getStoredLines, findUnit, getUnitName } from './text-entries';

/**
 * Returns whether a rule names a source, a port or a protocol. A block that names at most a destination is a default
 * that an operator wrote, of the box or of some hosts, behind the rules that pass to them.
 */
export function isNarrowed(rule: XmlElement): boolean {
  const source = findChild(rule, 'source');
  const ports = ['source', 'destination'].some((end) => getText(rule, end, 'port') !== '');
  const protocol = getText(rule, 'protocol').toLowerCase();
  return (source !== undefined && !isSet(source, 'any')) || ports || !['', 'any'].includes(protocol);
}

const isBlock = (rule: XmlElement): boolean => ['block', 'reject'].includes(getText(rule, 'type'));

/** Returns a pass of everything for the end of each interface's page. */
const renderPassRules = (root: XmlElement): string =>
  (findChild(root, 'interfaces')?.children ?? [])
    .map(
      ({ name }) =>
        `<rule><type>pass</type><interface>${name.toLowerCase()}</interface><ipprotocol>inet46</ipprotocol>` +
        '<source><any></any></source><destination><any></any></destination></rule>',
    )
    .join('');

/**
 * Returns the text without this owner's rules and without blocks of everything, and with a pass of everything behind
 * the other rules (see RunningConfigInspector). Undefined if no named block is left.
 */
export function removeDefaultBlocks(text: string, owner: string): string | undefined {
  const lines = text.split('\n');
  const { entries, sections } = splitEntries(lines);
  const stored = [...getStoredLines(lines, sections)];
  const root = parseXml(stored.join('\n'));
  const byLine = new Map(entries.map((entry) => [entry.first, entry]));
  let hasNamedBlock = false;
  for (const rule of listChildren(findChild(root, 'filter'), 'rule')) {
    const entry = byLine.get(rule.line);
    const isOwn = entry && findUnit(entry.text)?.name === getUnitName(owner);
    if (entry && (isOwn || (isBlock(rule) && !isNarrowed(rule)))) stored.fill('', entry.first - 1, entry.last);
    else hasNamedBlock ||= isBlock(rule);
  }
  if (!hasNamedBlock) return undefined;
  const end = stored.findIndex((line) => line.includes('</filter>'));
  if (end >= 0) stored[end] = stored[end]!.replace('</filter>', `${renderPassRules(root)}</filter>`);
  return stored.join('\n');
}
