// Inspects the running config of a pfSense box: locates a line in an entry of config.xml or in pfctl output, names the
// owner, separates the entries of an owner, and returns the config expected without drift.

import { escapeForDisplay } from '../../../../problems/problem';
import {
  RunningConfigInspector,
  LineLocator,
  ConfigUnit,
  containsAddress,
  replaceLineNumbers,
} from '../../../../parse/running-config';
import { TextEntry, CommandSection, splitEntries, getStoredLines, findUnit, getUnitName } from './text-entries';
import { removeDefaultBlocks } from './remove-default-blocks';

const UNMANAGED_UNIT: ConfigUnit = { name: 'the rest of the configuration', isManaged: false };

const findLine = (lines: readonly string[], words: string): number =>
  lines.findIndex((line) => line.includes(words)) + 1;

function locateLines(fullText: string): LineLocator {
  const lines = fullText.split('\n');
  const { entries, sections } = splitEntries(lines);
  // An operator chose the blocks that an interface's settings make (private networks, bogons).
  const settings = { first: findLine(lines, '<interfaces>'), last: findLine(lines, '</interfaces>') };
  const findEntry = (line: number): TextEntry | undefined =>
    entries.find(({ first, last }) => first <= line && line <= last);
  const findSection = (line: number): CommandSection | undefined => sections.filter(({ title }) => title < line).at(-1);
  const at = (line: number): string => {
    const section = findSection(line);
    if (section) return `line ${line - section.title} of ${escapeForDisplay(section.command)}`;
    const entry = findEntry(line);
    if (!entry) return `line ${line} of the configuration`;
    return `${entry.label} of the configuration${entry.description === '' ? '' : ` (${escapeForDisplay(entry.description)})`}`;
  };
  const findOwnUnit = (line: number): ConfigUnit | undefined => {
    const text = lines[line - 1] ?? '';
    return findUnit(findEntry(line)?.text ?? text) ?? findTranslatingUnit(text, entries);
  };
  return {
    at,
    inWords: (words) => replaceLineNumbers(words, at),
    unitAt: (line) => (line < 1 || line > lines.length ? undefined : (findOwnUnit(line) ?? UNMANAGED_UNIT)),
    whose: (line) => {
      if (findOwnUnit(line)) return 'ours';
      return findEntry(line) || findSection(line) || (settings.first < line && line < settings.last)
        ? 'others'
        : 'nobody';
    },
    mentions: (address) =>
      lines.flatMap((line, index) =>
        containsAddress(line, address) && !findOwnUnit(index + 1) ? [at(index + 1)] : [],
      ),
  };
}

/** Running translations carry no label: the public address of a 1:1 entry identifies its translations. */
function findTranslatingUnit(line: string, entries: readonly TextEntry[]): ConfigUnit | undefined {
  if (!/^(no )?(binat|rdr|nat) /.test(line)) return undefined;
  const words = line.split(/[\s/]+/);
  const entry = entries.find(({ text }) => words.includes(/<external>([^<]*)</.exec(text)?.[1] ?? ''));
  return entry && findUnit(entry.text);
}

/** Running rules don't say which entry of an owner made them, so the stored config is compared with the new one. */
function splitByOwner(text: string, owner: string): ReturnType<RunningConfigInspector['apart']> {
  const lines = text.split('\n');
  const { entries, sections } = splitEntries(lines);
  const stored = getStoredLines(lines, sections);
  const unmanaged = [...stored];
  for (const { first, last, text: entry } of entries)
    if (findUnit(entry)?.name === getUnitName(owner)) unmanaged.fill('', first - 1, last);
  return { whole: stored.join('\n'), rest: unmanaged.join('\n') };
}

/** Locates a line of the running config for the operator, and names its owner. */
export const live: RunningConfigInspector = {
  places: locateLines,
  findUnit: ({ owner }) => getUnitName(owner),
  // A switch needs consent; it belongs to no owner.
  isOwnedBy: (touched, owner) => touched === getUnitName(owner) || touched.startsWith('switch '),
  apart: splitByOwner,
  keptOut: removeDefaultBlocks,
  // Other owners' entries are in the text that the release was generated around, as far as they existed then.
  asDelivered: ([release]) => release?.text ?? '',
  decides: (line) => /\b(rdr|binat|nat|block)\b|1:1|port forward|outbound NAT/i.test(line),
  shown: () => 'pfctl -vvsn; pfctl -vvsr; cat /cf/conf/config.xml',
};
