import { Page } from '../printing/text';
import { ExposureReport } from './report';
import { briefRestsOn, briefSectionsOf, leftOutOf, restsOn, sectionsOf } from './said';

export interface HowPrinted {
  /** Everything, where else only what decides first is printed, and the rest counted. */
  readonly all?: boolean;
  /** Of the terminal, in characters; without one each thing is on one line however long: programs that search it find it whole. */
  readonly width?: number;
}

/** A report for a terminal. */
export function printExposureText(
  { asked, headline, devices }: ExposureReport,
  { all = false, width = Infinity }: HowPrinted = {},
): string {
  const page = new Page(width, false);
  page.say(0, headline);
  for (const device of devices) {
    page.title(`${device.name}: ${device.form}`);
    for (const line of all ? restsOn(device) : briefRestsOn(device, asked)) page.say(0, line);
    for (const section of (all ? sectionsOf : briefSectionsOf)(device, asked)) page.section(section);
    const left = all ? [] : leftOutOf(device, asked);
    if (left.length > 0) page.title(`Not shown, but by --all: ${left.join('; ')}.`);
  }
  return page.toString();
}
