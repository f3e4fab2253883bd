// Splits the statements of pf's text into words, and replaces macros by their values.
import { spendSteps } from '../../../net/step-budget';
import { PfLine } from '../model';
import { quoteForDisplay } from '../../../problems/line-problems';
import { refuse, refuseTooMuch, refuseUnexpected } from './pf-problems';

/** Steps that a word takes: to be cut out, parsed and resolved. */
const STEPS_PER_WORD = 2;

/** More than a device's memory holds of rules, and soon reached by macros of macros. */
const MAX_EXPANDED_WORDS = 4_000_000;

const TOKEN =
  /[ \t\r]+|#.*|"[^"]*"?|'[^']*'?|<[^\s<>(){}!=,#"']+>|->|><|<>|<=|>=|!=|[(){}<>!=,]|\$[A-Za-z_]\w*|[^\s(){}<>!=#,"']+/y;

/**
 * Splits statements into words and replaces macros. A macro is defined before its use; the words of its value aren't
 * expanded again.
 */
export class PfTokenizer {
  private readonly macros = new Map<string, readonly string[]>();
  private expandedWords = 0;
  private missingMacro: string | undefined;

  define(name: string, words: readonly string[], line: number): void {
    const value = words.map((word) => word.replace(/^"/, '')).join(' ');
    this.macros.set(name, [...this.split(value, { number: line, text: '' }, false)]);
  }

  /** Returns an undefined macro that was used since the last call. pfctl refuses the whole text for it. */
  takeMissing(): string | undefined {
    const { missingMacro: missing } = this;
    this.missingMacro = undefined;
    return missing;
  }

  tokenize(text: string, line: PfLine): readonly string[] {
    return this.split(text, line, true);
  }

  private split(text: string, line: PfLine, expandsMacros: boolean): string[] {
    const words: string[] = [];
    // A macro and text that follows it without a space are one word: `$lan:network`.
    let isGlued = false;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      spendSteps(STEPS_PER_WORD);
      const at = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (!match)
        return refuse(
          'unexpected-text',
          line.number,
          `${quoteForDisplay(text.slice(at))} is no text of pf.`,
          'the text as pfctl prints it.',
        );
      const token = match[0];
      const first = token[0]!;
      if (first === ' ' || first === '\t' || first === '\r') isGlued = false;
      else if (first === '#') break;
      else if (first === '"' || first === "'") {
        if (token.length < 2 || !token.endsWith(first))
          refuseUnexpected(line.number, undefined, 'the end of what stands in quotes');
        words.push(`"${token.slice(1, -1)}`);
        isGlued = false;
      } else if (first === '$' && expandsMacros) {
        const position = TOKEN.lastIndex;
        for (const word of this.expandMacro(token.slice(1), line)) words.push(word);
        TOKEN.lastIndex = position;
        isGlued = true;
      } else if (isGlued && /^[\w.:/-]/.test(token) && words.length > 0) words.push(`${words.pop()!}${token}`);
      else {
        words.push(token);
        isGlued = false;
      }
    }
    return words;
  }

  private expandMacro(name: string, line: PfLine): readonly string[] {
    const value = this.macros.get(name);
    if (!value) {
      this.missingMacro ??= name;
      return [`$${name}`];
    }
    spendSteps(STEPS_PER_WORD * value.length);
    this.expandedWords += value.length + 1;
    if (this.expandedWords > MAX_EXPANDED_WORDS) refuseTooMuch(line.number, 'macros hold other macros over and over');
    return value;
  }
}
