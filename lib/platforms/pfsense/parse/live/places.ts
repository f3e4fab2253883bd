import { printable } from '../../../../problems/problem';
import { Live, Places, Unit, namesAddress, withPlaces } from '../../../../parse/live';
import { Entry, Section, parted, storedLines, unitIn, unitName } from './entries';
import { keptOut } from './kept-out';

const FOREIGN: Unit = { name: 'the rest of the configuration', ours: false };

const lineWith = (lines: readonly string[], words: string): number =>
  lines.findIndex((line) => line.includes(words)) + 1;

function places(whole: string): Places {
  const lines = whole.split('\n');
  const { entries, sections } = parted(lines);
  // What an interface is told to keep out (private networks, bogons) somebody told it.
  const settings = { first: lineWith(lines, '<interfaces>'), last: lineWith(lines, '</interfaces>') };
  const entryAt = (line: number): Entry | undefined => entries.find(({ first, last }) => first <= line && line <= last);
  const sectionAt = (line: number): Section | undefined => sections.filter(({ title }) => title < line).at(-1);
  const at = (line: number): string => {
    const section = sectionAt(line);
    if (section) return `line ${line - section.title} of ${printable(section.command)}`;
    const entry = entryAt(line);
    if (!entry) return `line ${line} of the configuration`;
    return `${entry.called} of the configuration${entry.description === '' ? '' : ` (${printable(entry.description)})`}`;
  };
  const ownAt = (line: number): Unit | undefined => {
    const text = lines[line - 1] ?? '';
    return unitIn(entryAt(line)?.text ?? text) ?? translatedBy(text, entries);
  };
  return {
    at,
    inWords: (words) => withPlaces(words, at),
    unitAt: (line) => (line < 1 || line > lines.length ? undefined : (ownAt(line) ?? FOREIGN)),
    whose: (line) => {
      if (ownAt(line)) return 'ours';
      return entryAt(line) || sectionAt(line) || (settings.first < line && line < settings.last) ? 'others' : 'nobody';
    },
    mentions: (address) =>
      lines.flatMap((line, index) => (namesAddress(line, address) && !ownAt(index + 1) ? [at(index + 1)] : [])),
  };
}

/** Running translations carry no label: they are known by the public address of the 1:1 entry that they were made from. */
function translatedBy(line: string, entries: readonly Entry[]): Unit | undefined {
  if (!/^(no )?(binat|rdr|nat) /.test(line)) return undefined;
  const words = line.split(/[\s/]+/);
  const made = entries.find(({ text }) => words.includes(/<external>([^<]*)</.exec(text)?.[1] ?? ''));
  return made && unitIn(made.text);
}

/** Running rules don't say which entry of an owner made them, so what is stored is compared with what would be. */
function apart(text: string, owner: string): ReturnType<Live['apart']> {
  const lines = text.split('\n');
  const { entries, sections } = parted(lines);
  const stored = storedLines(lines, sections);
  const rest = [...stored];
  for (const { first, last, text: entry } of entries)
    if (unitIn(entry)?.name === unitName(owner)) rest.fill('', first - 1, last);
  return { whole: stored.join('\n'), rest: rest.join('\n') };
}

/** How people find a line of what a box runs, and whose it is. */
export const live: Live = {
  places,
  unitOf: ({ owner }) => unitName(owner),
  // A switch is asked for by consent; it belongs to nobody.
  isOf: (touched, owner) => touched === unitName(owner) || touched.startsWith('switch '),
  apart,
  keptOut,
  // Other owners of ours stand in what it was written around, as far as they were there.
  asDelivered: ([release]) => release?.text ?? '',
  decides: (line) => /\b(rdr|binat|nat|block)\b|1:1|port forward|outbound NAT/i.test(line),
  shown: () => 'pfctl -vvsn; pfctl -vvsr; cat /cf/conf/config.xml',
};
