// Prints a review as text for a terminal: verdict, headline, counts, then the sections.

import { TerminalPage } from '../../report/terminal-page';
import { Review } from '../review';
import { describeCounts, renderReviewSections } from './review-sections';
import { VERDICT_STYLES } from './verdict-styles';

interface ReviewTextOptions {
  /** Whether to print escape sequences for a terminal. Default: none. */
  readonly colour?: boolean;
  /** Columns, at least 60. Default: 100. */
  readonly width?: number;
}

/** Returns a review for a terminal, the verdict first. */
export function printText(review: Review, { width = 100, colour = false }: ReviewTextOptions = {}): string {
  const page = new TerminalPage(width, colour);
  const { tone, words } = VERDICT_STYLES[review.verdict];
  page.addText(0, `${words.toUpperCase()}: ${review.headline}`, tone);
  page.addText(0, describeCounts(review));
  for (const section of renderReviewSections(review)) page.addSection(section);
  return page.toString();
}
