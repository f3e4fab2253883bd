// Splits the text of a live pfSense configuration into list entries (rules, NAT, virtual IPs) and outputs of
// commands, each with its lines and owner.

import { ConfigUnit } from '../../../../parse/running-config';

/** An entry of a list in the configuration: lines `first` to `last` of the text, from 1. */
export interface TextEntry {
  readonly first: number;
  readonly last: number;
  /** `rule 3`: the kind, and its number in document order. */
  readonly label: string;
  readonly description: string;
  readonly text: string;
}

/** A section of the text after the configuration: the output of one command. */
export interface CommandSection {
  readonly command: string;
  /** Line of its title. */
  readonly title: number;
}

const ENTRY_KINDS: Readonly<Record<string, string>> = {
  vip: 'virtual IP',
  onetoone: '1:1 entry',
  rule: 'rule',
  alias: 'alias',
};
const ENTRY_START = /^\s*<(vip|onetoone|rule|alias)>/;
const DESCRIPTION = /<descr>(?:<!\[CDATA\[)?([^<\]]*)/;
const OWNER_TAG = /cpanel-edge:([a-z0-9][a-z0-9-]*)\//;

export const getUnitName = (owner: string): string => `entries of cpanel-edge:${owner}`;

/** Returns the unit of the owner tag in an entry's description or a running rule's label. */
export function findUnit(text: string): ConfigUnit | undefined {
  const owner = OWNER_TAG.exec(text)?.[1];
  return owner === undefined ? undefined : { name: getUnitName(owner), isManaged: true };
}

/**
 * Returns every list entry of the configuration and every section after it, in one pass: an entry never holds an entry.
 */
export function splitEntries(lines: readonly string[]): {
  readonly entries: readonly TextEntry[];
  readonly sections: readonly CommandSection[];
} {
  const entries: TextEntry[] = [];
  const sections: CommandSection[] = [];
  const counts = new Map<string, number>();
  let openEntry: { readonly name: string; readonly first: number } | undefined;
  lines.forEach((line, at) => {
    const title = /^# (pfctl .*)$/.exec(line)?.[1];
    if (title !== undefined) sections.push({ command: title, title: at + 1 });
    const name = ENTRY_START.exec(line)?.[1];
    if (name !== undefined && !openEntry) openEntry = { name, first: at + 1 };
    if (!openEntry || !line.includes(`</${openEntry.name}>`)) return;
    const text = lines.slice(openEntry.first - 1, at + 1).join('\n');
    const count = (counts.get(openEntry.name) ?? 0) + 1;
    counts.set(openEntry.name, count);
    entries.push({
      first: openEntry.first,
      last: at + 1,
      text,
      label: `${ENTRY_KINDS[openEntry.name]} ${count}`,
      description: DESCRIPTION.exec(text)?.[1] ?? '',
    });
    openEntry = undefined;
  });
  return { entries, sections };
}

const LIVE_MARK = /<cpanel_edge><live>(on|off)<\/live><\/cpanel_edge>/;

/** Returns the stored config, without the running config behind it and without the mark that announces that. */
export const getStoredLines = (lines: readonly string[], sections: readonly CommandSection[]): readonly string[] =>
  lines.slice(0, (sections[0]?.title ?? lines.length + 1) - 1).map((line) => line.replace(LIVE_MARK, ''));
