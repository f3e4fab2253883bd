import { printable } from '../../problems/problem';

/**
 * Text from outside as Markdown that shows exactly it, in a paragraph, a list item, a heading or a table cell, but never at the start
 * of a line. GitHub resolves backslashes and entities first and looks for names, numbers and links afterwards, so `\@name` notifies
 * somebody nevertheless (github/cmark-gfm#181). It leaves code alone, as GitLab does: every word that isn't plain goes into a code span.
 */
export function inline(text: string): string {
  const runs: { readonly plain: boolean; text: string }[] = [];
  for (const word of oneLine(text).split(' ')) {
    const plain = isPlain(word);
    const last = runs.at(-1);
    if (last?.plain === plain) last.text += ` ${word}`;
    else runs.push({ plain, text: word });
  }
  return runs.map((run) => (run.plain ? run.text : code(run.text))).join(' ');
}

/** Text from outside in a code span, in the same places. */
export function code(text: string): string {
  // A pipe ends a table's cell even in a code span, and parsers differ over `\\|`; as an entity between two spans it is only a pipe.
  return oneLine(text)
    .split('|')
    .map((part) => (part.trim() === '' ? '' : span(part)))
    .join('&#124;');
}

/** Lines from outside in a fenced block. `language` is ours. */
export function fenced(lines: readonly string[], language: string): string {
  const body = lines.map(printable).join('\n');
  const fence = '`'.repeat(Math.max(2, longestRun(body)) + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}

const oneLine = (text: string): string => printable(text).replace(/\s+/g, ' ').trim();

function span(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') || (text.startsWith(' ') && text.endsWith(' ')) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/** Letters, digits and the punctuation of prose, of which neither Markdown nor what GitHub and GitLab look for can be made. */
const PROSE = /^[\p{L}\p{M}\p{N}.,;:?()'"/+…–—’“”-]*$/u;

/** What they look for all the same: links, commits, emoji, `GH-12` and tickets, front matter and comments, quick actions. */
const NOT_PROSE = [/\p{L}\.\p{L}/u, /[0-9a-f]{7}/i, /:./, /\p{L}-\d/u, /--/, /^\//];

const isPlain = (word: string): boolean => PROSE.test(word) && !NOT_PROSE.some((pattern) => pattern.test(word));
