import { ReportItem, ReportSection } from '../../report/report-document';
import { DeviceReview } from '../review';

/** The number of owners that are printed in full. */
const MAX_PRINTED_OWNERS = 25;

/**
 * Returns the changes in how owners are reached and delivered. Each value is an item of its own: a page cuts lines at
 * its width, and a host key has to be readable in full.
 */
export function renderSettingsSection(devices: readonly DeviceReview[]): ReportSection {
  const items = devices.flatMap(({ device, owner, settings = [] }): readonly ReportItem[] =>
    settings.length === 0
      ? []
      : [{ words: [{ strong: `${device}/${owner}` }], tone: 'title', children: settings.map((words) => ({ words })) }],
  );
  return { title: 'Delivery settings', folded: 'Delivery settings', items, maxItems: MAX_PRINTED_OWNERS };
}
