import { cutOff, refuse, shown, unexpected } from './problems';
import { TokenKind, Tokens } from './tokens';

/** A few lines of definitions that use one another double at each: this is where it ends. */
const MOST_PIECES = 4_000_000;

interface Piece {
  readonly kind: TokenKind;
  readonly text: string;
}

interface Mutable extends Tokens {
  readonly kinds: TokenKind[];
  readonly texts: string[];
  readonly lines: number[];
  readonly starts: number[];
  readonly ends: number[];
}

/** The same text with every `$name` replaced by what `define` gave it, and the definitions left out. */
export function withoutDefines(tokens: Tokens): Tokens {
  const { kinds, texts, lines, starts, ends } = tokens;
  if (!texts.includes('define') && !texts.includes('redefine') && !texts.includes('$')) return tokens;
  const known = new Map<string, readonly Piece[]>();
  const out: Mutable = { kinds: [], texts: [], lines: [], starts: [], ends: [], remarked: tokens.remarked };
  const push = (at: number, kind: TokenKind, text: string): void => {
    out.kinds.push(kind);
    out.texts.push(text);
    out.lines.push(lines[at]!);
    out.starts.push(starts[at]!);
    out.ends.push(ends[at]!);
  };
  const definition = (at: number): readonly Piece[] => {
    const name = texts[at + 1] ?? '';
    const found = known.get(name);
    return found ?? refuse('no-such-define', lines[at]!, `$${name.slice(0, 60)} is not defined above.`, 'its `define` before it is used.');
  };
  let at = 0;
  let pieces = 0;
  // Within a block the same name is another one.
  let depth = 0;
  while (at < texts.length) {
    const text = texts[at]!;
    if (kinds[at] === 'symbol' && text === '$') {
      const body = definition(at);
      pieces += body.length;
      if (pieces > MOST_PIECES) refuse('too-long', lines[at]!, 'the definitions make the text too long to read.', 'shorter definitions.');
      for (const piece of body) push(at, piece.kind, piece.text);
      at += 2;
      continue;
    }
    const begins = at === 0 || kinds[at - 1] === 'end' || texts[at - 1] === '{';
    if (!begins || kinds[at] !== 'word' || (text !== 'define' && text !== 'redefine' && text !== 'undefine')) {
      if (kinds[at] === 'symbol') depth += text === '{' ? 1 : text === '}' ? -1 : 0;
      push(at, kinds[at]!, text);
      at += 1;
      continue;
    }
    const name = texts[at + 1] ?? '';
    if (kinds[at + 1] !== 'word') unexpected(lines[at]!, name, 'the name of a definition');
    const { [at]: line = 1 } = lines;
    if (text === 'undefine') {
      known.delete(name);
      at += 2;
      if (at >= texts.length - 1) cutOff(line);
      continue;
    }
    if (texts[at + 2] !== '=') unexpected(lines[at]!, texts[at + 2] ?? '', `"=" after define ${shown(name)}`);
    if (text === 'define' && depth === 0 && known.has(name))
      refuse('defined-twice', line, `${shown(name)} is defined above.`, '`redefine`, or another name.');
    const body: Piece[] = [];
    let open = 0;
    for (at += 3; at < texts.length && (open > 0 || kinds[at] !== 'end'); at++) {
      if (texts[at] === '{' && kinds[at] === 'symbol') open += 1;
      if (texts[at] === '}' && kinds[at] === 'symbol') open -= 1;
      if (open < 0) break;
      if (kinds[at] === 'end') continue;
      if (texts[at] === '$' && kinds[at] === 'symbol') {
        for (const piece of definition(at)) body.push(piece);
        at += 1;
      } else body.push({ kind: kinds[at]!, text: texts[at]! });
      if (body.length > MOST_PIECES / 16)
        refuse('too-long', lines[at]!, 'the definitions make the text too long to read.', 'shorter definitions.');
    }
    if (at >= texts.length - 1) cutOff(line);
    known.set(name, body);
  }
  return out;
}
