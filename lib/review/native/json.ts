import { printableJson } from '../../problems/printable-json';
import { EXPOSURE_SHAPE, ExposureReport } from './report';

/** A report for programs: docs/schemas/exposure-1.json describes it. */
export const printExposureJson = (report: ExposureReport): string => `${printableJson(EXPOSURE_SHAPE.parse(report))}\n`;
