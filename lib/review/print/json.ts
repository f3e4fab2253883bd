import { Review } from '../review';
import { REVIEW_SHAPE } from './schema';

/**
 * A review for programs: docs/schemas/review-1.json describes it. Keys stand in the order of the schema. Everything is ASCII where it
 * isn't seen: marks that turn or join text, and halves of characters, are escapes.
 */
export function printJson(review: Review): string {
  const text = JSON.stringify(REVIEW_SHAPE.parse(review), null, 2);
  return `${text.replace(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, escaped)}\n`;
}

const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
