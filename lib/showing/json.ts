import { printShape } from '../printing/described';
import { EXPOSURE_SHAPE, ExposureReport } from './report';

export function printExposureJson(report: ExposureReport): string {
  const devices = report.devices.map((device) => Object.fromEntries(Object.entries(device).filter(([key]) => key !== 'supposed')));
  return printShape(EXPOSURE_SHAPE, { ...report, devices });
}
