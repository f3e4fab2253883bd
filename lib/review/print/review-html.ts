// Prints a review as one HTML page, or as a part of another page.

import { renderRowFilter } from '../../report/page/row-filter';
import { Html, markup } from '../../report/page/html';
import { Sha256, printPage } from '../../report/page/print-page';
import { renderSections } from '../../report/page/html-sections';
import { Review } from '../review';
import { renderPicture } from './changes-picture';
import { describeCounts, renderReviewSections } from './review-sections';
import { VERDICT_STYLES } from './verdict-styles';

/**
 * Returns a review as a page that may be forwarded. It has the content of the pull request comment, without that limit
 * of bytes.
 */
export function printHtml(review: Review, sha256: Sha256): string {
  const { tone, letter, words } = VERDICT_STYLES[review.verdict];
  const sections = renderReviewSections(review);
  return printPage(
    {
      title: `${words}: ${review.headline}`,
      headline: markup`<span class="${tone}"><span aria-hidden="true">${letter}</span> ${words}:</span> ${review.headline}`,
      body: markup`${renderCountsAndPicture(review)}${renderRowFilter(sections)}${renderSections(sections, 2)}`,
    },
    sha256,
  );
}

const renderCountsAndPicture = (review: Review): Html =>
  markup`<p class="counts">${describeCounts(review)}</p>\n${renderPicture(review)}`;

/** Returns the review as a part of another page, below a heading of the second level. */
export function renderReview(review: Review): Html {
  const { tone, letter, words } = VERDICT_STYLES[review.verdict];
  const verdict = markup`<p><span class="${tone}"><span aria-hidden="true">${letter}</span> ${words}:</span> ${review.headline}</p>`;
  return markup`<h2>Review of the plan</h2>\n${verdict}\n${renderCountsAndPicture(review)}${renderSections(renderReviewSections(review), 3)}`;
}
