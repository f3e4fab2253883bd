import { Tone } from '../../printing/document';
import { Review } from '../review';

/** What each verdict looks like. */
export const VERDICTS: Readonly<Record<Review['verdict'], { readonly tone: Tone; readonly sign: string; readonly words: string }>> = {
  'nothing to object to': { tone: 'good', sign: '✅', words: 'Nothing to object to' },
  warnings: { tone: 'unsure', sign: '⚠️', words: 'New warnings' },
  objections: { tone: 'bad', sign: '❌', words: 'Objections' },
  unknown: { tone: 'unsure', sign: '⚠️', words: 'Unknown' },
};
