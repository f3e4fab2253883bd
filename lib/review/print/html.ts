import { filterOf } from '../../report/page/filter';
import { Html, markup } from '../../report/page/html';
import { Sha256, printPage } from '../../report/page/page';
import { htmlSections } from '../../report/page/sections';
import { Review } from '../review';
import { pictureOf } from './picture';
import { countsOf, sectionsOf } from './said';
import { VERDICTS } from './verdicts';

/** A review as a page that may be forwarded: what the comment says, without its limit of bytes. */
export function printHtml(review: Review, sha256: Sha256): string {
  const { tone, letter, words } = VERDICTS[review.verdict];
  const sections = sectionsOf(review);
  return printPage(
    {
      title: `${words}: ${review.headline}`,
      headline: markup`<span class="${tone}"><span aria-hidden="true">${letter}</span> ${words}:</span> ${review.headline}`,
      body: markup`${countsAndPicture(review)}${filterOf(sections)}${htmlSections(sections, 2)}`,
    },
    sha256,
  );
}

const countsAndPicture = (review: Review): Html =>
  markup`<p class="counts">${countsOf(review)}</p>\n${pictureOf(review)}`;

/** The same as a part of another page, below a heading of the second level. */
export function reviewOnPage(review: Review): Html {
  const { tone, letter, words } = VERDICTS[review.verdict];
  const verdict = markup`<p><span class="${tone}"><span aria-hidden="true">${letter}</span> ${words}:</span> ${review.headline}</p>`;
  return markup`<h2>Review of the plan</h2>\n${verdict}\n${countsAndPicture(review)}${htmlSections(sectionsOf(review), 3)}`;
}
