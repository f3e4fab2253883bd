import { shown } from '../../../problems/in-text';
import { cutOff, notIncluded, refuse, unexpected } from './problems';
import { TokenKind, Tokens } from './tokens';

/** A few lines of definitions that use one another double at each: this is where it ends. */
const MOST_PIECES = 4_000_000;

interface Piece {
  readonly kind: TokenKind;
  readonly text: string;
}

/** The same text with every `$name` replaced by what `define` gave it, and the definitions left out. */
export function withoutDefines(tokens: Tokens): Tokens {
  const { texts } = tokens;
  if (!texts.includes('define') && !texts.includes('redefine') && !texts.includes('$')) return tokens;
  const known = new Map<string, readonly Piece[]>();
  const out = new Tokens(tokens.remarked);
  const push = (at: number, kind: TokenKind, text: string): void =>
    out.push(kind, text, tokens.line(at), tokens.start(at), tokens.end(at));
  const definition = (at: number): readonly Piece[] => {
    const name = texts[at + 1] ?? '';
    const found = known.get(name);
    // It may be in what nobody gave.
    const included = found
      ? -1
      : texts.findIndex((one, i) => one === 'include' && i < at && tokens.kind(i + 1) === 'string');
    if (included >= 0) return notIncluded(tokens.line(included), texts[included + 1]!);
    return (
      found ??
      refuse(
        'no-such-define',
        tokens.line(at),
        `$${name.slice(0, 60)} is not defined above.`,
        'its `define` before it is used.',
      )
    );
  };
  let at = 0;
  let pieces = 0;
  // Within a block the same name is another one.
  let depth = 0;
  while (at < texts.length) {
    const text = texts[at]!;
    if (tokens.kind(at) === 'symbol' && text === '$') {
      const body = definition(at);
      pieces += body.length;
      if (pieces > MOST_PIECES)
        refuse('too-long', tokens.line(at), 'the definitions make the text too long to read.', 'shorter definitions.');
      for (const piece of body) push(at, piece.kind, piece.text);
      at += 2;
      continue;
    }
    const begins = at === 0 || tokens.kind(at - 1) === 'end' || texts[at - 1] === '{';
    if (!begins || tokens.kind(at) !== 'word' || (text !== 'define' && text !== 'redefine' && text !== 'undefine')) {
      if (tokens.kind(at) === 'symbol') depth += text === '{' ? 1 : text === '}' ? -1 : 0;
      push(at, tokens.kind(at)!, text);
      at += 1;
      continue;
    }
    const name = texts[at + 1] ?? '';
    if (tokens.kind(at + 1) !== 'word') unexpected(tokens.line(at), name, 'the name of a definition');
    const line = tokens.line(at);
    if (text === 'undefine') {
      known.delete(name);
      at += 2;
      if (at >= texts.length - 1) cutOff(line);
      continue;
    }
    if (texts[at + 2] !== '=') unexpected(tokens.line(at), texts[at + 2] ?? '', `"=" after define ${shown(name)}`);
    if (text === 'define' && depth === 0 && known.has(name))
      refuse('defined-twice', line, `${shown(name)} is defined above.`, '`redefine`, or another name.');
    const body: Piece[] = [];
    let open = 0;
    for (at += 3; at < texts.length && (open > 0 || tokens.kind(at) !== 'end'); at++) {
      if (texts[at] === '{' && tokens.kind(at) === 'symbol') open += 1;
      if (texts[at] === '}' && tokens.kind(at) === 'symbol') open -= 1;
      if (open < 0) break;
      if (tokens.kind(at) === 'end') continue;
      if (texts[at] === '$' && tokens.kind(at) === 'symbol') {
        for (const piece of definition(at)) body.push(piece);
        at += 1;
      } else body.push({ kind: tokens.kind(at)!, text: texts[at]! });
      if (body.length > MOST_PIECES / 16)
        refuse('too-long', tokens.line(at), 'the definitions make the text too long to read.', 'shorter definitions.');
    }
    if (at >= texts.length - 1) cutOff(line);
    known.set(name, body);
  }
  return out;
}
