import { Page } from '../printing/text';
import { ExposureReport } from './report';
import { restsOn, sectionsOf } from './said';

/** A report for a terminal, each thing on one line however long: programs that search it find it whole. */
export function printExposureText({ asked, headline, devices }: ExposureReport): string {
  const page = new Page(Infinity, false);
  page.say(0, headline);
  for (const device of devices) {
    page.title(`${device.name}: ${device.form}`);
    for (const line of restsOn(device)) page.say(0, line);
    for (const section of sectionsOf(device, asked)) page.section(section);
  }
  return page.toString();
}
