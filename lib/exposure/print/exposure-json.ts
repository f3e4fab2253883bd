// Prints an exposure report as JSON in the published schema, without the fields that only the program itself uses.

import { printShape } from '../../report/schema-shapes';
import { ExposureReport } from '../report/exposure-report-types';
import { EXPOSURE_SCHEMA } from '../report/exposure-schema';

export function printExposureJson(report: ExposureReport): string {
  const devices = report.devices.map(({ sections, ...device }) => ({
    ...omitKeys(device, 'wideningAssumptions', 'possibleUplinks'),
    sections: sections.map((section) => ({
      ...omitKeys(section, 'hostNames'),
      entries: section.entries.map((entry) =>
        omitKeys(entry, 'packets', 'families', 'starts', 'bypassesGateways', 'hasAllLines'),
      ),
    })),
  }));
  return printShape(EXPOSURE_SCHEMA, { ...omitKeys(report, 'furtherLines'), devices });
}

/** Returns a value without keys that are of use only inside the program. */
const omitKeys = <T extends object>(value: T, ...names: readonly (keyof T & string)[]): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !names.some((name) => name === key)));
