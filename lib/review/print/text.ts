import { Page } from '../../report/text';
import { Review } from '../review';
import { countsOf, sectionsOf } from './said';
import { VERDICTS } from './verdicts';

interface TextOptions {
  /** Escape sequences for a terminal. Default: none. */
  readonly colour?: boolean;
  /** Columns, at least 60. Default: 100. */
  readonly width?: number;
}

/** A review for a terminal: the verdict first. */
export function printText(review: Review, { width = 100, colour = false }: TextOptions = {}): string {
  const page = new Page(width, colour);
  const { tone, words } = VERDICTS[review.verdict];
  page.say(0, `${words.toUpperCase()}: ${review.headline}`, tone);
  page.say(0, countsOf(review));
  for (const section of sectionsOf(review)) page.section(section);
  return page.toString();
}
