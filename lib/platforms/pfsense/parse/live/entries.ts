import { Unit } from '../../../../parse/live';

/** An entry of a list in the configuration: lines `first` to `last` of the text, from 1. */
export interface Entry {
  readonly first: number;
  readonly last: number;
  /** `rule 3`, counted as they stand. */
  readonly called: string;
  readonly description: string;
  readonly text: string;
}

/** A part of the text after the configuration: what one command printed. */
export interface Section {
  readonly command: string;
  /** Line of its title. */
  readonly title: number;
}

const LISTS: Readonly<Record<string, string>> = {
  vip: 'virtual IP',
  onetoone: '1:1 entry',
  rule: 'rule',
  alias: 'alias',
};
const OPENS = /^\s*<(vip|onetoone|rule|alias)>/;
const DESCRIPTION = /<descr>(?:<!\[CDATA\[)?([^<\]]*)/;
const TAG = /cpanel-edge:([a-z0-9][a-z0-9-]*)\//;

export const unitName = (owner: string): string => `entries of cpanel-edge:${owner}`;

/** An owner's tag, in an entry's description or a running rule's label. */
export function unitIn(text: string): Unit | undefined {
  const owner = TAG.exec(text)?.[1];
  return owner === undefined ? undefined : { name: unitName(owner), ours: true };
}

/** Every list element of the configuration and every section after it, in one pass: entries don't hold entries. */
export function parted(lines: readonly string[]): {
  readonly entries: readonly Entry[];
  readonly sections: readonly Section[];
} {
  const entries: Entry[] = [];
  const sections: Section[] = [];
  const counts = new Map<string, number>();
  let open: { readonly name: string; readonly first: number } | undefined;
  lines.forEach((line, at) => {
    const title = /^# (pfctl .*)$/.exec(line)?.[1];
    if (title !== undefined) sections.push({ command: title, title: at + 1 });
    const name = OPENS.exec(line)?.[1];
    if (name !== undefined && !open) open = { name, first: at + 1 };
    if (!open || !line.includes(`</${open.name}>`)) return;
    const text = lines.slice(open.first - 1, at + 1).join('\n');
    const count = (counts.get(open.name) ?? 0) + 1;
    counts.set(open.name, count);
    entries.push({
      first: open.first,
      last: at + 1,
      text,
      called: `${LISTS[open.name]} ${count}`,
      description: DESCRIPTION.exec(text)?.[1] ?? '',
    });
    open = undefined;
  });
  return { entries, sections };
}

const MARK = /<cpanel_edge><live>(on|off)<\/live><\/cpanel_edge>/;

/** What is stored, without what runs behind it and the mark that says so. */
export const storedLines = (lines: readonly string[], sections: readonly Section[]): readonly string[] =>
  lines.slice(0, (sections[0]?.title ?? lines.length + 1) - 1).map((line) => line.replace(MARK, ''));
