import { ReportItem, ReportSection } from '../../report/report-document';
import { DeviceReview } from '../review';

/** So many owners are told whole. */
const MAX_PRINTED_OWNERS = 25;

/** How owners are reached and delivered, where that changes. Lines would be cut at the width of a page, and a host key has to be read whole. */
export function renderSettingsSection(devices: readonly DeviceReview[]): ReportSection {
  const items = devices.flatMap(({ device, owner, settings = [] }): readonly ReportItem[] =>
    settings.length === 0
      ? []
      : [{ words: [{ strong: `${device}/${owner}` }], tone: 'title', below: settings.map((words) => ({ words })) }],
  );
  return { title: 'Delivery settings', folded: 'Delivery settings', items, most: MAX_PRINTED_OWNERS };
}
