// Parses pf's tables: `table <name> persist { … }`, and the output of `pfctl -t NAME -T show`.

import { PfLine } from '../model';
import { PfCursor } from './cursor';
import { parseHost, parseTableEntry } from './hosts';
import { PfSection } from './statements';
import { refuseUnexpected } from './pf-problems';
import { NegatedHost, ParsedPfTable } from './syntax-tree';

/** Parses `table <name> persist { … }`, from its first word. */
export function parseTable(cursor: PfCursor): { readonly name: string; readonly table: ParsedPfTable } {
  cursor.expect('table');
  const name = /^<([^:>]+)>$/.exec(cursor.next ?? '')?.[1];
  if (name === undefined) return refuseUnexpected(cursor.line.number, cursor.next, 'the name of a table');
  cursor.skip();
  const entries: NegatedHost[] = [];
  let isFromFile = false;
  let hasList = false;
  while (!cursor.isDone) {
    if (cursor.take('persist') || cursor.take('const') || cursor.take('counters')) continue;
    if (cursor.take('file')) {
      cursor.takeWord('the name of a file');
      isFromFile = true;
    } else if (cursor.next === '{') {
      hasList = true;
      // Empty braces empty the table.
      if (cursor.after === '}') {
        cursor.skip();
        cursor.skip();
      } else entries.push(...cursor.takeList(parseHost));
    } else return refuseUnexpected(cursor.line.number, cursor.next, 'what the table holds');
  }
  const reason = isFromFile
    ? `what is in table ${name} stands in a file that was not given`
    : hasList
      ? undefined
      : `what is in table ${name} is filled in while the box runs`;
  return { name, table: { line: cursor.line, entries, ...(reason !== undefined && { reason }) } };
}

/** Parses the output of `pfctl -t NAME -T show`. */
export function parseShownTable({ lines, from }: PfSection): ParsedPfTable {
  const line: PfLine = { number: from, text: lines[0]?.trim() ?? '' };
  const entries = lines.flatMap((text, at) => {
    const words = text.trim();
    // Counters below an address, if pfctl prints verbosely.
    if (words === '' || /^(Cleared:|In\/|Out\/|XPass:|XBlock:)/.test(words)) return [];
    return [parseTableEntry(words) ?? refuseUnexpected(from + at, words, 'an address of the table')];
  });
  return { line, entries };
}
