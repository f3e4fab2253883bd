import { Item, Section } from '../../printing/document';
import { DeviceReview } from '../review';

/** So many owners are told whole. */
const MOST_OWNERS = 25;

/** How owners are reached and delivered, where that changes. */
export function settingSection(devices: readonly DeviceReview[]): Section {
  const items = devices.flatMap(({ device, owner, settings = [] }): readonly Item[] =>
    settings.length === 0 ? [] : [{ words: [{ strong: `${device}/${owner}` }], tone: 'title', lines: settings }],
  );
  return { title: 'Delivery settings', folded: 'Delivery settings', items, most: MOST_OWNERS };
}
