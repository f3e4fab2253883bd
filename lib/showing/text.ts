import { Page } from '../printing/text';
import { ExposureReport } from './report';
import { brief, whole } from './said';

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
    const { rests, sections, left } = (all ? whole : brief)(device, asked);
    for (const line of rests) page.say(0, line);
    for (const section of sections) page.section(section);
    if (left.length > 0) page.title(`Not shown, but by --all: ${left.join('; ')}.`);
  }
  return page.toString();
}
