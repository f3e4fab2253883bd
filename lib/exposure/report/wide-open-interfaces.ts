// Finds the interfaces that may lead to the internet and let in everything while others don't, so that a report shows
// both apart.
import { listReachability } from '../../reachability/reachability-list';
import { ALL_PROTOCOLS_TEXT } from '../../reachability/print-packets';
import { OTHER_INTERFACES } from '../facts/device-facts';
import { DeviceReport } from './exposure-report-types';
import { SectionExposure, WideOpenInterfaces, printInterface, createWording } from './device-report';

/** The most interfaces that are compared. More are reported together. */
const MAX_INTERFACES = 16;

/**
 * Returns the interfaces that let in everything while others don't; undefined if there are none. `section`: packets to
 * the device itself.
 */
export function findWideOpenInterfaces(
  section: SectionExposure | undefined,
  assumedUplinks: readonly string[],
): WideOpenInterfaces | undefined {
  const outside = (section?.device.interfaces ?? []).filter(({ role }) => role === 'outside').map(({ name }) => name);
  if (!section || assumedUplinks.length === 0 || outside.length < 2 || outside.length > MAX_INTERFACES)
    return undefined;
  const wideNames = assumedUplinks.filter((name) => allowsEverything(section, name));
  const otherNames = outside.filter((name) => !wideNames.includes(name));
  if (wideNames.length === 0 || otherNames.length === 0) return undefined;
  const nameInterface = (name: string): string => printInterface({ kind: 'interface', name }, section.device);
  const joinNames = (names: readonly string[]): string =>
    names.map(nameInterface).join(names.length === 2 ? ' and ' : ', ');
  return {
    names: new Set(wideNames),
    words: `${joinNames(wideNames)}, if ${wideNames.length > 1 ? 'they lead' : 'it leads'} to the internet`,
    // Interfaces that the rules don't name are any but the wide-open ones.
    others: otherNames.every((name) => name === OTHER_INTERFACES)
      ? `any interface but ${joinNames(wideNames)}`
      : joinNames(otherNames),
  };
}

function allowsEverything(section: SectionExposure, name: string): boolean {
  const views = section.reachability.views.filter(
    ({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === name,
  );
  return listReachability({ views }, createWording(section)).some(
    ({ disposition, sources, service, translatedDestination }) =>
      disposition === 'allowed' &&
      sources.startsWith('anywhere') &&
      service === ALL_PROTOCOLS_TEXT &&
      translatedDestination === '',
  );
}

/** Returns a section without the interfaces that let in everything, or with these alone. */
export const selectByInterface = <T extends Pick<SectionExposure, 'reachability'>>(
  section: T,
  { names }: WideOpenInterfaces,
  isWide = false,
): T => ({
  ...section,
  reachability: {
    views: section.reachability.views.filter(
      ({ startLocation }) => (startLocation.kind === 'interface' && names.has(startLocation.name)) === isWide,
    ),
  },
});

type ExposureRemarks = DeviceReport['findings'];

/** Returns the remarks on the other interfaces. Further remarks name the interfaces that they are on. */
export function mergeRemarks(
  remarks: ExposureRemarks,
  otherRemarks: ExposureRemarks,
  { words }: WideOpenInterfaces,
): ExposureRemarks {
  const isKnown = ({ code, what }: ExposureRemarks[number]): boolean =>
    otherRemarks.some((remark) => remark.code === code && remark.what === what);
  const added = remarks
    .filter((remark) => !isKnown(remark))
    .map((remark) => ({ ...remark, what: `${remark.what} By ${words}.` }));
  return [
    ...added.filter(({ severity }) => severity === 'error'),
    ...otherRemarks,
    ...added.filter(({ severity }) => severity !== 'error'),
  ];
}
