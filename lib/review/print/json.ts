import { printableJson } from '../../problems/printable-json';
import { Review } from '../review';
import { REVIEW_SHAPE } from './schema';

/** A review for programs: docs/schemas/review-1.json describes it. Keys stand in the order of the schema. */
export const printJson = (review: Review): string => `${printableJson(REVIEW_SHAPE.parse(review))}\n`;
