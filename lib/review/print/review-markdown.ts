import { escapeInline } from '../../report/escape-markdown';
import { printSections } from '../../report/print-markdown';
import { countUtf8Bytes } from '../../report/size-limit';
import { Review } from '../review';
import { describeCounts, renderReviewSections } from './review-sections';
import { VERDICT_STYLES } from './verdict-styles';

/** The first line of every review in a pull request. A pipeline renews the comment of its own that starts with it. */
export const COMMENT_MARKER = '<!-- cpanel-edge review -->';

/** Bytes of UTF-8. GitHub says 65,536 characters. */
const MAX_COMMENT_BYTES = 65_000;

/** A review as a comment on a pull request: the verdict, objections and openings open, everything else folded. */
export function printMarkdown(review: Review): string {
  const { sign, words } = VERDICT_STYLES[review.verdict];
  const head = `${COMMENT_MARKER}\n## ${sign} ${words}: ${escapeInline(review.headline)}\n\n${describeCounts(review)}\n`;
  return head + printSections(renderReviewSections(review), '###', MAX_COMMENT_BYTES - countUtf8Bytes(head));
}
