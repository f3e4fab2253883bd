import { z } from 'zod';
import { printableJson } from '../../problems/printable-json';
import { EXPOSURE_SHAPE, ExposureReport } from '../native/report';
import { REVIEW_SHAPE, Review } from '../review';

/** For programs, as the published schema describes it (docs/schemas): keys stand in its order. */
const printed = (shape: z.ZodType, value: unknown): string => `${printableJson(shape.parse(value))}\n`;

export const printJson = (review: Review): string => printed(REVIEW_SHAPE, review);
export const printExposureJson = (report: ExposureReport): string => printed(EXPOSURE_SHAPE, report);
