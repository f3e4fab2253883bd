// Parses elements of nftables sets and lists (`{ key timeout 1h : data, … }`), and the values in them: tuples `a . b`,
// ranges, prefixes, flags, verdicts.

import { NftCursor } from '../cursor';
import { refuse, refuseUnexpected } from '../parse-problems';
import { ParsedNftElement, ParsedNftVerdict } from '../syntax-tree';
import { RESERVED_WORDS, VALUE_WORDS } from '../reserved-words';

const VERDICTS = new Set(['accept', 'drop', 'return', 'continue', 'jump', 'goto']);

/** Parses the elements between braces. Nested braces, which come from a definition, are flattened. */
export function parseElements(cursor: NftCursor): ParsedNftElement[] {
  const elements: ParsedNftElement[] = [];
  const line = cursor.line;
  const isLiteral = !cursor.isFromDefine;
  cursor.expect('{');
  cursor.skipBreaks();
  if (isLiteral && cursor.is('}'))
    refuse('empty-list', line, 'a list is empty, which nft takes in definitions alone.', 'its elements, or no list.');
  if (cursor.is(',')) refuseUnexpected(line, ',', 'an element');
  let depth = 1;
  while (depth > 0) {
    cursor.skipBreaks();
    if (cursor.isOver) refuse('cut-off', line, 'a list that begins here is not closed.', 'the text whole.');
    if (cursor.take('}')) depth -= 1;
    else if (cursor.take('{')) depth += 1;
    else if (!cursor.take(',')) {
      elements.push(parseElement(cursor));
      cursor.skipBreaks();
      if (!cursor.is(',') && !cursor.is('}')) refuseUnexpected(cursor.line, cursor.text, '"," or "}"');
    }
  }
  return elements;
}

function parseElement(cursor: NftCursor): ParsedNftElement {
  const line = cursor.line;
  const key = parseTuple(cursor);
  const elementOptions = parseOptions(cursor);
  const head: ParsedNftElement =
    elementOptions.length > 0
      ? { key, line, options: elementOptions, expires: elementOptions.some((option) => EXPIRING_OPTIONS.has(option)) }
      : { key, line };
  if (!cursor.take(':')) return head;
  cursor.skipBreaks();
  if (VERDICTS.has(cursor.text) && !cursor.isString) return { ...head, verdict: parseVerdict(cursor) };
  const data = parseTuple(cursor);
  // The class of a queue, `1:2`.
  return { ...head, data: cursor.take(':') ? [`${data.join(' . ')}:${cursor.takeName('a class')}`] : data };
}

/** Options that make it unknown whether an element exists or counts. */
const EXPIRING_OPTIONS = new Set(['timeout', 'expires', 'limit', 'quota', 'ct', 'last']);

function parseOptions(cursor: NftCursor): readonly string[] {
  const optionWords: string[] = [];
  for (;;) {
    cursor.skipBreaks();
    const word = cursor.text;
    if (cursor.isString) return optionWords;
    if (cursor.take('timeout') || cursor.take('expires')) {
      // `never`, since nft 1.1.1: the element has no timeout, whatever the set's is.
      if (cursor.take('never')) continue;
      cursor.skipTime();
    } else if (cursor.take('comment')) {
      cursor.skipComment();
      continue;
    } else if (cursor.take('counter')) {
      if (cursor.take('packets')) cursor.skipDigits();
      if (cursor.take('bytes')) cursor.skipDigits();
    } else if (['limit', 'quota', 'last'].includes(word) || (word === 'ct' && cursor.textAt(1) === 'count')) {
      while (!cursor.isOver && !cursor.is(',') && !cursor.is('}') && !cursor.is(':')) cursor.next();
    } else return optionWords;
    optionWords.push(word);
  }
}

/** Parses `a . b . c`. Each part is a value, a range, a prefix, or flags joined by `|`. */
export function parseTuple(cursor: NftCursor): readonly string[] {
  const parts = [parseValue(cursor)];
  while (cursor.take('.')) {
    cursor.skipBreaks();
    parts.push(parseValue(cursor));
  }
  return parts;
}

function parseBracketed(cursor: NftCursor): string {
  const addressText = cursor.takeName('an address');
  cursor.expect(']');
  return addressText;
}

export function parseValue(cursor: NftCursor): string {
  if (cursor.take('[')) {
    const first = parseBracketed(cursor);
    if (cursor.textAt(1) !== '[' || !cursor.take('-')) return first;
    cursor.next();
    return `${first}-${parseBracketed(cursor)}`;
  }
  if (cursor.take('(')) {
    const flags = parseFlags(cursor);
    cursor.expect(')');
    return flags;
  }
  return parseFlags(cursor);
}

function parseFlags(cursor: NftCursor): string {
  const negated = cursor.take('~') ? '~' : '';
  const { line, text: word, isString } = cursor;
  if (!isString && (word.startsWith('-') || (RESERVED_WORDS.has(word) && !VALUE_WORDS.has(word))))
    refuseUnexpected(line, word, 'a value');
  let text = negated + cursor.takeName('a value');
  if (cursor.is('-') && cursor.textAt(1) !== '') {
    if (isString && !/^\d/.test(word)) refuseUnexpected(line, '-', 'the end of a value');
    cursor.next();
    text += `-${cursor.takeName('the end of a range')}`;
  }
  if (cursor.is('%')) {
    cursor.next();
    text += `%${cursor.takeName('a scope')}`;
  }
  while (cursor.is('|') || cursor.is('or')) {
    cursor.next();
    text += `|${cursor.takeName('a flag')}`;
  }
  return text;
}

export function parseVerdict(cursor: NftCursor): ParsedNftVerdict {
  const word = cursor.next();
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return { is: word };
    case 'jump':
    case 'goto':
      if (cursor.isString && !cursor.isFromDefine) refuseUnexpected(cursor.line, cursor.text, 'the name of a chain');
      return { is: word, chain: cursor.takeName('the name of a chain') };
    default:
      return { is: 'unclear' };
  }
}
