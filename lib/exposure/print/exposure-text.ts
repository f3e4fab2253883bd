// Prints an exposure report as text for a terminal: all of it, or a brief view that counts the rest.

import { TerminalPage } from '../../report/terminal-page';
import { ExposureReport } from '../report/exposure-report-types';
import { createBriefView, createFullView } from './report-sections';

interface ExposureTextOptions {
  /** Whether everything is printed. Otherwise only what decides first is printed, and the rest is counted. */
  readonly all?: boolean;
  /**
   * Width of the terminal in characters. Undefined: each item is on one line, however long, so that programs that
   * search the output find it whole.
   */
  readonly width?: number;
}

export function printExposureText(
  { filters: filterText, headline, furtherLines, devices }: ExposureReport,
  { all = false, width = Infinity }: ExposureTextOptions = {},
): string {
  const page = new TerminalPage(width, false);
  page.addText(0, headline);
  for (const line of furtherLines) page.addText(line.length - line.trimStart().length, line.trimStart());
  for (const device of devices) {
    const name = `${device.name}: ${device.format}`;
    // A title begins with an empty line. A first screen has few lines, so a single text goes without it.
    if (all || devices.length > 1) page.addTitle(name);
    else page.addText(0, name, 'title');
    const { sections, omissions } = (all ? createFullView : createBriefView)(device, filterText);
    for (const section of sections) {
      if (typeof section === 'string') page.addText(0, section);
      else page.addSection(section);
    }
    if (omissions.length > 0) page.addText(0, `More by --all: ${omissions.join('; ')}.`, 'title');
  }
  return page.toString();
}
