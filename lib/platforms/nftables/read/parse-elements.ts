import { Cursor } from './cursor';
import { refuse, unexpected } from './problems';
import { Element, Verdict } from './ruleset';
import { VERDICTS } from './words';

/** What stands between braces. Braces within braces (from a definition) are opened. */
export function parseElements(cursor: Cursor): Element[] {
  const out: Element[] = [];
  const line = cursor.line;
  cursor.expect('{');
  let depth = 1;
  while (depth > 0) {
    cursor.skipBreaks();
    if (cursor.isOver) refuse('cut-off', line, 'a list that begins here is not closed.', 'the text whole.');
    if (cursor.take('}')) depth -= 1;
    else if (cursor.take('{')) depth += 1;
    else if (!cursor.take(',')) {
      out.push(element(cursor));
      cursor.skipBreaks();
      if (!cursor.is(',') && !cursor.is('}')) unexpected(cursor.line, cursor.text, '"," or "}"');
    }
  }
  return out;
}

function element(cursor: Cursor): Element {
  const line = cursor.line;
  const key = parseTuple(cursor);
  const fleeting = options(cursor);
  if (!cursor.take(':')) return fleeting ? { key, line, fleeting } : { key, line };
  cursor.skipBreaks();
  if (VERDICTS.has(cursor.text) && !cursor.isString) return { key, line, fleeting, verdict: parseVerdict(cursor) };
  const data = parseTuple(cursor);
  return { key, line, data, fleeting: options(cursor) || fleeting };
}

/** Options of an element; whether it will vanish by itself. */
function options(cursor: Cursor): boolean {
  let fleeting = false;
  for (;;) {
    cursor.skipBreaks();
    if (cursor.is('timeout') || cursor.is('expires')) {
      cursor.next();
      cursor.name('a time');
      fleeting = true;
    } else if (cursor.take('comment')) cursor.name('a comment');
    else if (cursor.take('counter')) {
      if (cursor.take('packets')) cursor.number('a number');
      if (cursor.take('bytes')) cursor.name('a number');
    } else if (cursor.is('limit') || cursor.is('quota') || cursor.is('ct') || cursor.is('last')) {
      while (!cursor.isOver && !cursor.is(',') && !cursor.is('}') && !cursor.is(':')) cursor.next();
      fleeting = true;
    } else return fleeting;
  }
}

/** `a . b . c`, each part a value, a range, a prefix, or flags joined by `|`. */
export function parseTuple(cursor: Cursor): readonly string[] {
  const parts = [parseValue(cursor)];
  while (cursor.take('.')) {
    cursor.skipBreaks();
    parts.push(parseValue(cursor));
  }
  return parts;
}

export function parseValue(cursor: Cursor): string {
  if (cursor.take('[')) {
    const inside = cursor.name('an address');
    cursor.expect(']');
    return inside;
  }
  if (cursor.take('(')) {
    const inside = parseFlags(cursor);
    cursor.expect(')');
    return inside;
  }
  return parseFlags(cursor);
}

function parseFlags(cursor: Cursor): string {
  const negated = cursor.take('~') ? '~' : '';
  let text = negated + cursor.name('a value');
  if (cursor.is('-') && cursor.textAt(1) !== '') {
    cursor.next();
    text += `-${cursor.name('the end of a range')}`;
  }
  if (cursor.is('%')) {
    cursor.next();
    text += `%${cursor.name('a scope')}`;
  }
  while (cursor.is('|') || cursor.is('or')) {
    cursor.next();
    text += `|${cursor.name('a flag')}`;
  }
  return text;
}

export function parseVerdict(cursor: Cursor): Verdict {
  const word = cursor.next();
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return { is: word };
    case 'jump':
    case 'goto':
      if (cursor.is('{'))
        refuse('inner-chain', cursor.line, 'a chain is written inside a rule.', '`nft list ruleset` of a chain with a name.');
      return { is: word, chain: cursor.name('the name of a chain') };
    default:
      return { is: 'unclear' };
  }
}
