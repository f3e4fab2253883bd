import { printShape } from '../printing/described';
import { EXPOSURE_SHAPE, ExposureReport } from './report';

export const printExposureJson = (report: ExposureReport): string => printShape(EXPOSURE_SHAPE, report);
