import { inline } from '../../report/escape';
import { listItem, printSections } from '../../report/markdown';
import { DeviceReport, ExposureReport } from '../report/report';
import { restsOn, sectionsOf } from './sections';

/** A report for a ticket or a pull request. */
export function printExposureMarkdown({ asked, headline, devices }: ExposureReport): string {
  const printed = (device: DeviceReport): string => {
    const grounds = restsOn(device).map((words) => listItem({ words }));
    return `\n### ${inline(`${device.name}: ${device.form}`)}\n\n${grounds.join('')}${printSections(sectionsOf(device, asked), '####', Infinity)}`;
  };
  return `## Exposure\n\n${inline(headline)}\n${devices.map(printed).join('')}`;
}
