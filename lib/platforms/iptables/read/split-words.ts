import { spend } from '../../../net/work';
import { refuse } from './problems';

/** Steps of work that a word takes: to be cut out, parsed and understood. */
const PER_WORD = 2;

/** A line in words, as the programs read it: quotes may stand anywhere, and a backslash within them keeps what follows. */
export function splitWords(text: string, line: number): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (quoted && one === '\\' && at + 1 < text.length) word = `${word ?? ''}${text[++at]!}`;
    else if (one === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (!quoted && (one === ' ' || one === '\t' || one === '\r')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${one}`;
  }
  if (quoted) refuse('open-quote', line, 'a quoted text is not closed on its line.', 'the text whole.');
  if (word !== undefined) words.push(word);
  spend(1 + PER_WORD * words.length);
  return words;
}
