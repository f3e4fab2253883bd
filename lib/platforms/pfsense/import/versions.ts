import { XmlElement } from '../../../xml/xml';
import { textAt } from '../read/element';

/** The release of a configuration's version, as an intent names it. Between releases that were read: where a schema changed. */
const RELEASES: readonly (readonly [least: number, most: number, release: string])[] = [
  [22_000, 22_006, '2.6.0'],
  [22_007, 22_009, '2.7.0'],
  [23_000, 23_004, '2.7.2'],
  [23_005, 24_002, '2.8.0'],
  [24_003, 99_999, '2.9.0'],
];

export function releaseIn(root: XmlElement): string | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})$/.exec(textAt(root, 'version'));
  const number = parts ? Number(parts[1]) * 1000 + Number(parts[2]) : -1;
  return RELEASES.find(([least, most]) => least <= number && number <= most)?.[2];
}
