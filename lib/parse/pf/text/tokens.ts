import { spend } from '../../../net/work';
import { PfLine } from '../model';
import { shown } from '../../../problems/in-text';
import { refuse, tooMuch, unexpected } from './problems';

/** Steps of work that a word takes: to be cut out, parsed and resolved. */
const PER_WORD = 2;

/** More than a box's memory holds of rules, and soon reached by macros of macros. */
const MOST_REPLACED = 4_000_000;

const TOKEN =
  /[ \t\r]+|#.*|"[^"]*"?|'[^']*'?|<[^\s<>(){}!=,#"']+>|->|><|<>|<=|>=|!=|[(){}<>!=,]|\$[A-Za-z_]\w*|[^\s(){}<>!=#,"']+/y;

/** Macros are known by then, and what they hold is not looked at again for others. */
export class Tokens {
  private readonly macros = new Map<string, readonly string[]>();
  private replaced = 0;
  private missing: string | undefined;

  define(name: string, words: readonly string[], line: number): void {
    const value = words.map((word) => word.replace(/^"/, '')).join(' ');
    this.macros.set(name, [...this.split(value, { number: line, text: '' }, false)]);
  }

  /** A macro that nobody defined, since this was asked last: pfctl refuses the whole text. */
  takeMissing(): string | undefined {
    const { missing } = this;
    this.missing = undefined;
    return missing;
  }

  of(text: string, line: PfLine): readonly string[] {
    return this.split(text, line, true);
  }

  private split(text: string, line: PfLine, replacing: boolean): string[] {
    const words: string[] = [];
    // A macro and what follows without a space are one word: `$lan:network`.
    let glue = false;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      spend(PER_WORD);
      const at = TOKEN.lastIndex;
      const found = TOKEN.exec(text);
      if (!found)
        return refuse(
          'unexpected-text',
          line.number,
          `${shown(text.slice(at))} is no text of pf.`,
          'the text as pfctl prints it.',
        );
      const token = found[0];
      const first = token[0]!;
      if (first === ' ' || first === '\t' || first === '\r') glue = false;
      else if (first === '#') break;
      else if (first === '"' || first === "'") {
        if (token.length < 2 || !token.endsWith(first))
          unexpected(line.number, undefined, 'the end of what stands in quotes');
        words.push(`"${token.slice(1, -1)}`);
        glue = false;
      } else if (first === '$' && replacing) {
        const place = TOKEN.lastIndex;
        for (const word of this.valueOf(token.slice(1), line)) words.push(word);
        TOKEN.lastIndex = place;
        glue = true;
      } else if (glue && /^[\w.:/-]/.test(token) && words.length > 0) words.push(`${words.pop()!}${token}`);
      else {
        words.push(token);
        glue = false;
      }
    }
    return words;
  }

  private valueOf(name: string, line: PfLine): readonly string[] {
    const value = this.macros.get(name);
    if (!value) {
      this.missing ??= name;
      return [`$${name}`];
    }
    spend(PER_WORD * value.length);
    this.replaced += value.length + 1;
    if (this.replaced > MOST_REPLACED) tooMuch(line.number, 'macros hold other macros over and over');
    return value;
  }
}
