import { Page } from '../../report/text';
import { ExposureReport } from '../report/report';
import { brief, whole } from './sections';

interface HowPrinted {
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
    const name = `${device.name}: ${device.form}`;
    // A first screen has few lines, and of one text its first line is.
    if (all || devices.length > 1) page.title(name);
    else page.say(0, name, 'title');
    const { rests, sections, left } = (all ? whole : brief)(device, asked);
    for (const line of rests) page.say(0, line);
    for (const one of sections) {
      if (typeof one === 'string') page.say(0, one);
      else page.section(one);
    }
    if (left.length > 0) page.say(0, `More by --all: ${left.join('; ')}.`, 'title');
  }
  return page.toString();
}
