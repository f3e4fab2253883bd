// Prints a review as Markdown for a comment on a pull request, within the limit of bytes.

import { escapeInline } from '../../report/escape-markdown';
import { printSections } from '../../report/print-markdown';
import { countUtf8Bytes } from '../../report/size-limit';
import { Review } from '../review';
import { describeCounts, renderReviewSections } from './review-sections';
import { VERDICT_STYLES } from './verdict-styles';

/** The first line of every review in a pull request. A pipeline replaces its own comment that starts with it. */
export const COMMENT_MARKER = '<!-- cpanel-edge review -->';

/** The limit of a comment in bytes of UTF-8. GitHub's limit is 65,536 characters. */
const MAX_COMMENT_BYTES = 65_000;

/**
 * Returns a review as a comment on a pull request. Verdict, objections and openings are unfolded, everything else is
 * folded.
 */
export function printMarkdown(review: Review): string {
  const { sign, words } = VERDICT_STYLES[review.verdict];
  const head = `${COMMENT_MARKER}\n## ${sign} ${words}: ${escapeInline(review.headline)}\n\n${describeCounts(review)}\n`;
  return head + printSections(renderReviewSections(review), '###', MAX_COMMENT_BYTES - countUtf8Bytes(head));
}
