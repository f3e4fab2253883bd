import { printShape } from '../../report/described';
import { ExposureReport } from '../report/report';
import { EXPOSURE_SHAPE } from '../report/shape';

export function printExposureJson(report: ExposureReport): string {
  const devices = report.devices.map(({ sections, ...device }) => ({
    ...without(device, 'supposed', 'perhapsUplinks'),
    sections: sections.map((one) => ({
      ...without(one, 'places'),
      entries: one.entries.map((entry) => without(entry, 'packets', 'families', 'ways', 'pastGateways', 'allLines')),
    })),
  }));
  return printShape(EXPOSURE_SHAPE, { ...report, devices });
}

/** What is of no use but inside. */
const without = <T extends object>(one: T, ...names: readonly (keyof T & string)[]): object =>
  Object.fromEntries(Object.entries(one).filter(([key]) => !names.some((name) => name === key)));
