// The style of each verdict of a review, which all printers share: tone, sign, letter and words.

import { Tone } from '../../report/report-document';
import { Review } from '../review';

interface VerdictStyle {
  readonly tone: Tone;
  /** A picture for comments, where every viewer has such fonts. */
  readonly sign: string;
  /** The same as a letter, which server fonts have, too. */
  readonly letter: string;
  readonly words: string;
}

/** The style of each verdict. */
export const VERDICT_STYLES: Readonly<Record<Review['verdict'], VerdictStyle>> = {
  'nothing to object to': { tone: 'good', sign: '✅', letter: '✔', words: 'Nothing to object to' },
  warnings: { tone: 'unsure', sign: '⚠️', letter: '⚠', words: 'New warnings' },
  objections: { tone: 'bad', sign: '❌', letter: '✘', words: 'Objections' },
  unknown: { tone: 'unsure', sign: '⚠️', letter: '⚠', words: 'Unknown' },
};
