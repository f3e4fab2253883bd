import { Cursor } from '../cursor';
import { refuse, unexpected } from '../problems';
import { Element, Verdict } from '../ruleset';
import { RESERVED, VALUE_WORDS } from '../reserved';

const VERDICTS = new Set(['accept', 'drop', 'return', 'continue', 'jump', 'goto']);

/** What stands between braces. Braces within braces (from a definition) are opened. */
export function parseElements(cursor: Cursor): Element[] {
  const out: Element[] = [];
  const line = cursor.line;
  const written = !cursor.isDefined;
  cursor.expect('{');
  cursor.skipBreaks();
  if (written && cursor.is('}'))
    refuse('empty-list', line, 'a list is empty, which nft takes in definitions alone.', 'its elements, or no list.');
  if (cursor.is(',')) unexpected(line, ',', 'an element');
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
  const own = options(cursor);
  const head: Element =
    own.length > 0 ? { key, line, options: own, fleeting: own.some((one) => FLEETING.has(one)) } : { key, line };
  if (!cursor.take(':')) return head;
  cursor.skipBreaks();
  if (VERDICTS.has(cursor.text) && !cursor.isString) return { ...head, verdict: parseVerdict(cursor) };
  const data = parseTuple(cursor);
  // A class of a queue, `1:2`.
  return { ...head, data: cursor.take(':') ? [`${data.join(' . ')}:${cursor.name('a class')}`] : data };
}

/** Of such an element nobody knows whether it is there, or counts. */
const FLEETING = new Set(['timeout', 'expires', 'limit', 'quota', 'ct', 'last']);

function options(cursor: Cursor): readonly string[] {
  const found: string[] = [];
  for (;;) {
    cursor.skipBreaks();
    const word = cursor.text;
    if (cursor.isString) return found;
    if (cursor.take('timeout') || cursor.take('expires')) {
      // Since nft 1.1.1: it has none of its own, whatever the set's.
      if (cursor.take('never')) continue;
      cursor.time();
    } else if (cursor.take('comment')) {
      cursor.comment();
      continue;
    } else if (cursor.take('counter')) {
      if (cursor.take('packets')) cursor.digits();
      if (cursor.take('bytes')) cursor.digits();
    } else if (['limit', 'quota', 'last'].includes(word) || (word === 'ct' && cursor.textAt(1) === 'count')) {
      while (!cursor.isOver && !cursor.is(',') && !cursor.is('}') && !cursor.is(':')) cursor.next();
    } else return found;
    found.push(word);
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

function bracketed(cursor: Cursor): string {
  const inside = cursor.name('an address');
  cursor.expect(']');
  return inside;
}

export function parseValue(cursor: Cursor): string {
  if (cursor.take('[')) {
    const first = bracketed(cursor);
    if (cursor.textAt(1) !== '[' || !cursor.take('-')) return first;
    cursor.next();
    return `${first}-${bracketed(cursor)}`;
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
  const { line, text: word, isString } = cursor;
  if (!isString && (word.startsWith('-') || (RESERVED.has(word) && !VALUE_WORDS.has(word))))
    unexpected(line, word, 'a value');
  let text = negated + cursor.name('a value');
  if (cursor.is('-') && cursor.textAt(1) !== '') {
    if (isString && !/^\d/.test(word)) unexpected(line, '-', 'the end of a value');
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
      if (cursor.isString && !cursor.isDefined) unexpected(cursor.line, cursor.text, 'the name of a chain');
      return { is: word, chain: cursor.name('the name of a chain') };
    default:
      return { is: 'unclear' };
  }
}
