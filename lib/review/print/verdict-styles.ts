import { Tone } from '../../report/report-document';
import { Review } from '../review';

interface VerdictStyle {
  readonly tone: Tone;
  /** In a comment, where everybody has such pictures. */
  readonly sign: string;
  /** The same as a letter, which fonts of servers have, too. */
  readonly letter: string;
  readonly words: string;
}

/** What each verdict looks like. */
export const VERDICT_STYLES: Readonly<Record<Review['verdict'], VerdictStyle>> = {
  'nothing to object to': { tone: 'good', sign: '✅', letter: '✔', words: 'Nothing to object to' },
  warnings: { tone: 'unsure', sign: '⚠️', letter: '⚠', words: 'New warnings' },
  objections: { tone: 'bad', sign: '❌', letter: '✘', words: 'Objections' },
  unknown: { tone: 'unsure', sign: '⚠️', letter: '⚠', words: 'Unknown' },
};
