import { Tone } from '../../printing/document';
import { Page } from '../../printing/text';
import { Review } from '../review';
import { countsOf, sectionsOf } from './said';

export interface TextOptions {
  /** Escape sequences for a terminal. Default: none. */
  readonly colour?: boolean;
  /** Columns, at least 60. Default: 100. */
  readonly width?: number;
}

const TONES: Readonly<Record<Review['verdict'], Tone>> = {
  'nothing to object to': 'good',
  warnings: 'unsure',
  objections: 'bad',
  unknown: 'unsure',
};

/** A review for a terminal: the verdict first. */
export function printText(review: Review, { width = 100, colour = false }: TextOptions = {}): string {
  const page = new Page(width, colour);
  const verdict = review.verdict === 'warnings' ? 'new warnings' : review.verdict;
  page.say(0, `${verdict.toUpperCase()}: ${review.headline}`, TONES[review.verdict]);
  page.say(0, countsOf(review));
  for (const section of sectionsOf(review)) page.section(section);
  return page.toString();
}
