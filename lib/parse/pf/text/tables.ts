import { PfLine } from '../model';
import { Cursor } from './cursor';
import { hostAt, tableEntry } from './hosts';
import { Section } from './lines';
import { unexpected } from './problems';
import { NegatedHost, TableText } from './text';

/** `table <name> persist { … }`, the first word still unread. */
export function tableAt(cursor: Cursor): { readonly name: string; readonly table: TableText } {
  cursor.expect('table');
  const name = /^<([^:>]+)>$/.exec(cursor.next ?? '')?.[1];
  if (name === undefined) return unexpected(cursor.line.number, cursor.next, 'the name of a table');
  cursor.skip();
  const entries: NegatedHost[] = [];
  let filed = false;
  let listed = false;
  while (!cursor.done) {
    if (cursor.take('persist') || cursor.take('const') || cursor.take('counters')) continue;
    if (cursor.take('file')) {
      cursor.word('the name of a file');
      filed = true;
    } else if (cursor.next === '{') {
      listed = true;
      // Empty braces empty the table.
      if (cursor.after === '}') {
        cursor.skip();
        cursor.skip();
      } else entries.push(...cursor.list(hostAt));
    } else return unexpected(cursor.line.number, cursor.next, 'what the table holds');
  }
  const because = filed
    ? `what is in table ${name} stands in a file that nobody gave`
    : listed
      ? undefined
      : `what is in table ${name} is filled in while the box runs`;
  return { name, table: { line: cursor.line, entries, ...(because !== undefined && { because }) } };
}

/** What `pfctl -t NAME -T show` printed. */
export function shownTable({ lines, from }: Section): TableText {
  const line: PfLine = { number: from, text: lines[0]?.trim() ?? '' };
  const entries = lines.flatMap((text, at) => {
    const words = text.trim();
    // Counters below an address, where pfctl is asked for more.
    if (words === '' || /^(Cleared:|In\/|Out\/|XPass:|XBlock:)/.test(words)) return [];
    return [tableEntry(words) ?? unexpected(from + at, words, 'an address of the table')];
  });
  return { line, entries };
}
