import { filterOf } from '../../printing/page/filter';
import { markup } from '../../printing/page/html';
import { Sha256, printPage } from '../../printing/page/page';
import { htmlSections } from '../../printing/page/sections';
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
      body: markup`<p class="counts">${countsOf(review)}</p>\n${pictureOf(review)}${filterOf(sections)}${htmlSections(sections, 2)}`,
    },
    sha256,
  );
}
