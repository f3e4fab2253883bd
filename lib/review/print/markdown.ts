import { inline } from '../../report/escape';
import { printSections } from '../../report/markdown';
import { utf8Length } from '../../report/room';
import { Review } from '../review';
import { countsOf, sectionsOf } from './said';
import { VERDICTS } from './verdicts';

/** The first line of every review in a pull request. A pipeline renews the comment of its own that starts with it. */
export const MARKER = '<!-- cpanel-edge review -->';

/** Bytes of UTF-8. GitHub says 65,536 characters. */
const MOST_BYTES = 65_000;

/** A review as a comment on a pull request: the verdict, objections and openings open, everything else folded. */
export function printMarkdown(review: Review): string {
  const { sign, words } = VERDICTS[review.verdict];
  const head = `${MARKER}\n## ${sign} ${words}: ${inline(review.headline)}\n\n${countsOf(review)}\n`;
  return head + printSections(sectionsOf(review), '###', MOST_BYTES - utf8Length(head));
}
