// Expands `define` in the tokens of an nftables ruleset: replaces every `$name` by the definition, and refuses unknown
// names and texts that grow beyond a limit.

import { quoteForDisplay } from '../../../problems/line-problems';
import { refuseCutOff, refuseInclude, refuse, refuseUnexpected } from './parse-problems';
import { TokenKind, NftTokens } from './tokens';

/** Limits expansion: with a few definitions that use one another, the text doubles at each. */
const MAX_TOKENS = 4_000_000;

interface DefinedToken {
  readonly kind: TokenKind;
  readonly text: string;
}

/** Returns the tokens with every `$name` replaced by its definition, and without the definitions. */
export function expandDefines(tokens: NftTokens): NftTokens {
  const { texts } = tokens;
  if (!texts.includes('define') && !texts.includes('redefine') && !texts.includes('$')) return tokens;
  const definitions = new Map<string, readonly DefinedToken[]>();
  const expanded = new NftTokens(tokens.commentedLines);
  const push = (index: number, kind: TokenKind, text: string): void =>
    expanded.push(kind, text, tokens.getLine(index), tokens.getStart(index), tokens.getEnd(index));
  const findDefinition = (index: number): readonly DefinedToken[] => {
    const name = texts[index + 1] ?? '';
    const defined = definitions.get(name);
    // The definition may be in an included file that was not given.
    const includeIndex = defined
      ? -1
      : texts.findIndex((t, i) => t === 'include' && i < index && tokens.getKind(i + 1) === 'string');
    if (includeIndex >= 0) return refuseInclude(tokens.getLine(includeIndex), texts[includeIndex + 1]!);
    return (
      defined ??
      refuse(
        'no-such-define',
        tokens.getLine(index),
        `$${name.slice(0, 60)} is not defined above.`,
        'its `define` before it is used.',
      )
    );
  };
  let index = 0;
  let tokenCount = 0;
  // Inside a block the same name is another definition.
  let depth = 0;
  while (index < texts.length) {
    const text = texts[index]!;
    if (tokens.getKind(index) === 'symbol' && text === '$') {
      const body = findDefinition(index);
      tokenCount += body.length;
      if (tokenCount > MAX_TOKENS)
        refuse(
          'too-long',
          tokens.getLine(index),
          'the definitions make the text too long to read.',
          'shorter definitions.',
        );
      for (const token of body) push(index, token.kind, token.text);
      index += 2;
      continue;
    }
    const isStatementStart = index === 0 || tokens.getKind(index - 1) === 'end' || texts[index - 1] === '{';
    if (
      !isStatementStart ||
      tokens.getKind(index) !== 'word' ||
      (text !== 'define' && text !== 'redefine' && text !== 'undefine')
    ) {
      if (tokens.getKind(index) === 'symbol') depth += text === '{' ? 1 : text === '}' ? -1 : 0;
      push(index, tokens.getKind(index)!, text);
      index += 1;
      continue;
    }
    const name = texts[index + 1] ?? '';
    if (tokens.getKind(index + 1) !== 'word') refuseUnexpected(tokens.getLine(index), name, 'the name of a definition');
    const line = tokens.getLine(index);
    if (text === 'undefine') {
      definitions.delete(name);
      index += 2;
      if (index >= texts.length - 1) refuseCutOff(line);
      continue;
    }
    if (texts[index + 2] !== '=')
      refuseUnexpected(tokens.getLine(index), texts[index + 2] ?? '', `"=" after define ${quoteForDisplay(name)}`);
    if (text === 'define' && depth === 0 && definitions.has(name))
      refuse('defined-twice', line, `${quoteForDisplay(name)} is defined above.`, '`redefine`, or another name.');
    const body: DefinedToken[] = [];
    let openBraces = 0;
    for (index += 3; index < texts.length && (openBraces > 0 || tokens.getKind(index) !== 'end'); index++) {
      if (texts[index] === '{' && tokens.getKind(index) === 'symbol') openBraces += 1;
      if (texts[index] === '}' && tokens.getKind(index) === 'symbol') openBraces -= 1;
      if (openBraces < 0) break;
      if (tokens.getKind(index) === 'end') continue;
      if (texts[index] === '$' && tokens.getKind(index) === 'symbol') {
        for (const token of findDefinition(index)) body.push(token);
        index += 1;
      } else body.push({ kind: tokens.getKind(index)!, text: texts[index]! });
      if (body.length > MAX_TOKENS / 16)
        refuse(
          'too-long',
          tokens.getLine(index),
          'the definitions make the text too long to read.',
          'shorter definitions.',
        );
    }
    if (index >= texts.length - 1) refuseCutOff(line);
    definitions.set(name, body);
  }
  return expanded;
}
