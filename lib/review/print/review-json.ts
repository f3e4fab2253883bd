// Prints a review as JSON in the published schema.

import { printShape } from '../../report/schema-shapes';
import { REVIEW_SHAPE, Review } from '../review';

export const printJson = (review: Review): string => printShape(REVIEW_SHAPE, review);
