import { EXPOSURE_SHAPE, ExposureReport } from './report';

/** A report for programs: docs/schemas/exposure-1.json describes it. Marks that turn or join text are escapes. */
export function printExposureJson(report: ExposureReport): string {
  const text = JSON.stringify(EXPOSURE_SHAPE.parse(report), null, 2);
  return `${text.replace(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, escaped)}\n`;
}

const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
