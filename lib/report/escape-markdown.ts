// Escapes untrusted text for Markdown, so that it is shown exactly and makes no links, mentions or markup on GitHub
// and GitLab.

import { escapeForDisplay } from '../problems/problem';

/**
 * Escapes untrusted text as Markdown that shows exactly it, in a paragraph, a list item, a heading or a table cell.
 * GitHub resolves backslashes and entities first and looks for names, numbers and links afterwards, so `\@name` still
 * notifies a user (github/cmark-gfm#181). It leaves code alone, as GitLab does: every word that isn't plain goes into a
 * code span.
 */
export function escapeInline(text: string): string {
  const words = toOneLine(text).split(' ');
  const plainFlags = words.map((word, i) => isPlainWord(word) && !(i === 0 && BLOCK_START.test(word)));
  const printed: string[] = [];
  for (let start = 0; start < words.length;) {
    let end = start + 1;
    if (plainFlags[start]) {
      printed.push(words[start]!);
    } else {
      // A few plain words between two spans go with them: `{ services: ["mysql"] }` is one thing. Items of a list
      // don't.
      for (let i = end; i < words.length && i - end <= 3 && !isListEntry(words.slice(start, end)); i++)
        if (!plainFlags[i]) end = i + 1;
      const span = words.slice(start, end);
      const spanText = span.join(' ');
      printed.push(
        isListEntry(span) ? `${escapeCode(spanText.slice(0, -1))}${spanText.slice(-1)}` : escapeCode(spanText),
      );
    }
    start = end;
  }
  return printed.join(' ');
}

/** Escapes untrusted text as a code span, in the same places. */
export function escapeCode(text: string): string {
  // A pipe ends a table's cell even in a code span, and parsers differ over `\\|`; as an entity between two spans it is only a pipe.
  return toOneLine(text)
    .split('|')
    .map((part) => (part.trim() === '' ? part : renderCodeSpan(part)))
    .join('&#124;');
}

/** Renders untrusted lines as a fenced block. `language` is ours. */
export function renderFencedBlock(lines: readonly string[], language: string): string {
  const body = lines.map(escapeForDisplay).join('\n');
  const fence = '`'.repeat(Math.max(2, countLongestRun(body)) + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}

const toOneLine = (text: string): string => escapeForDisplay(text).replace(/\s+/g, ' ').trim();

function renderCodeSpan(text: string): string {
  const fence = '`'.repeat(countLongestRun(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') || (text.startsWith(' ') && text.endsWith(' ')) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

const countLongestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/**
 * Letters, digits and the punctuation of prose: neither Markdown nor the patterns of GitHub and GitLab can be made of
 * them.
 */
const PLAIN_WORD = /^[\p{L}\p{M}\p{N}.,;:?()'"/+=…–—’“”-]*$/u;

/**
 * Patterns of plain characters that GitHub and GitLab look for: links, commits, emoji, `GH-12` and other tickets,
 * comments, quick actions.
 */
const LINKED_PATTERNS = [/\.\p{L}/u, /www\./i, /\/\//, /[0-9a-f]{7}/i, /:./, /\p{L}-\d/u, /--|==/, /^\//];

/** Words that start a Markdown block: the start of a text may be the start of a line. */
const BLOCK_START = /^(\d+[.)]|[-+=])$/;

/** Returns whether the span is an entry of a list that goes on: `2001:db8::1,` or `web-1;`, an address or a name. */
const isListEntry = (span: readonly string[]): boolean => /^[\p{L}\p{N}.:/_ -]+[,;]$/u.test(span.join(' '));

const isPlainWord = (word: string): boolean =>
  PLAIN_WORD.test(word) && !LINKED_PATTERNS.some((pattern) => pattern.test(word));
