// Prints a review as one HTML page, or as a part of another page.

import { renderRowFilter } from '../../report/page/row-filter';
import { Html, markup } from '../../report/page/html';
import { Sha256, printPage } from '../../report/page/print-page';
import { renderSections } from '../../report/page/html-sections';
import { joinItems } from '../../report/report-document';
import { Review } from '../review';
import { renderPicture } from './changes-picture';
import { describeCounts, renderReviewSections } from './review-sections';
import { VERDICT_STYLES } from './verdict-styles';

/** The origin of a review, for a page that is forwarded. */
export interface ReviewOrigin {
  /** The time at which it was made, `2026-12-01 08:30 UTC`. */
  readonly madeAt: string;
  /** The commit under review, as the CI system names it. */
  readonly commit?: string;
}

/**
 * Returns a review as a page that may be forwarded. It has the content of the pull request comment, without that limit
 * of bytes.
 */
export function printHtml(review: Review, sha256: Sha256, origin?: ReviewOrigin): string {
  const { tone, letter, words } = VERDICT_STYLES[review.verdict];
  const sections = renderReviewSections(review);
  return printPage(
    {
      title: `${words}: ${review.headline}`,
      headline: markup`<span class="${tone}"><span aria-hidden="true">${letter}</span> ${words}:</span> ${review.headline}`,
      body: markup`${renderOrigin(review, origin)}${renderCountsAndPicture(review)}${renderRowFilter(sections)}${renderSections(sections, 2)}`,
    },
    sha256,
  );
}

/** Returns the line on the plans, their owners, the commit and the time. */
function renderOrigin({ plans, devices }: Review, origin: ReviewOrigin | undefined): Html {
  if (!origin) return markup``;
  const [planNames, ownerNames] = [plans.map(({ name }) => name), devices.map(({ owner }) => owner)].map((names) =>
    joinItems([...new Set(names)].slice(0, MAX_NAMES), new Set(names).size).join(''),
  );
  const parts = [
    `plan ${planNames}`,
    devices.length === 0 ? '' : `owner ${ownerNames}`,
    origin.commit === undefined ? '' : `commit ${origin.commit}`,
    `made ${origin.madeAt}`,
  ];
  return markup`<p class="counts">${parts.filter((words) => words !== '').join('; ')}</p>\n`;
}

/** The most names in the line on the origin. */
const MAX_NAMES = 5;

const renderCountsAndPicture = (review: Review): Html =>
  markup`<p class="counts">${describeCounts(review)}</p>\n${renderPicture(review)}`;

/** Returns the review as a part of another page, below a heading of the second level. */
export function renderReview(review: Review): Html {
  const { tone, letter, words } = VERDICT_STYLES[review.verdict];
  const verdict = markup`<p><span class="${tone}"><span aria-hidden="true">${letter}</span> ${words}:</span> ${review.headline}</p>`;
  return markup`<h2>Review of the plan</h2>\n${verdict}\n${renderCountsAndPicture(review)}${renderSections(renderReviewSections(review), 3)}`;
}
