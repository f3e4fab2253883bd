// Finds faults of a generated text that a check of packets can't show: it changes objects of others, leaves its former
// rules, comes after translations of others, or makes the device announce other addresses (ARP) than the policy says.

import { listAnnouncedAddresses } from '../spec/announced-addresses';
import { AnnouncedAddress } from '../net/device';
import { printAddress } from '../net/address';
import { Policy } from '../policy/policy';
import { EvaluatedConfig } from '../parse/config-parser';
import { DeviceAddress } from '../generate/config-generator';

/** A fault of a text that no packet shows. */
export interface ConfigFault {
  readonly kind: 'adds' | 'touches' | 'yields' | 'announces' | 'lets-in';
  readonly text: string;
}

/**
 * Returns the faults of an owner's text as its device takes it. The text must replace its earlier version, touch no
 * objects of others, and not come after translations of others.
 */
export function findConfigFaults(
  isOwn: (touched: string) => boolean,
  { changedObjects, extendedObjects, yieldingLines }: EvaluatedConfig,
  withoutRelease: EvaluatedConfig,
): readonly ConfigFault[] {
  const otherObjects = subtractLists(changedObjects, withoutRelease.changedObjects).filter((object) => !isOwn(object));
  const createFaults = (kind: ConfigFault['kind'], items: readonly unknown[], text: string): readonly ConfigFault[] =>
    items.length === 0 ? [] : [{ kind, text }];
  return [
    ...createFaults(
      'adds',
      extendedObjects,
      `what a device has in ${extendedObjects.join(', ')} would stay, beside the new rules`,
    ),
    ...createFaults('touches', otherObjects, `it changes what is not its own: ${otherObjects.join(', ')}`),
    ...createFaults(
      'yields',
      yieldingLines,
      `others' translations may come before those of line ${yieldingLines.join(', ')}`,
    ),
  ];
}

/**
 * Returns a fault for each address that the device would announce differently from its policy, or in addition to it.
 */
export function findAnnouncementFaults(
  policy: Policy,
  addresses: readonly DeviceAddress[],
  evaluated: EvaluatedConfig,
  withoutRelease: EvaluatedConfig,
): readonly ConfigFault[] {
  const expected = listAnnouncedAddresses(policy);
  const announced =
    evaluated.announcedAddresses &&
    subtractLists(
      evaluated.announcedAddresses.map(describeAnnouncement),
      (withoutRelease.announcedAddresses ?? []).map(describeAnnouncement),
    );
  return [
    ...compareAnnouncements(
      expected.map(printAddressLine),
      addresses.map(({ kind, interface: interfaceName, address }) => `${kind} ${address} on ${interfaceName}`),
    ),
    ...(announced ? compareAnnouncements(expected.map(describeAnnouncement), announced) : []),
  ];
}

function compareAnnouncements(expected: readonly string[], actual: readonly string[]): readonly ConfigFault[] {
  const missing = subtractLists(expected, actual).map((announcement) => `nothing would announce ${announcement}`);
  const additional = subtractLists(actual, expected).map(
    (announcement) => `it would announce ${announcement}, which nothing asks for`,
  );
  return [...missing, ...additional].map((text) => ({ kind: 'announces', text }));
}

function subtractLists(items: readonly string[], removedItems: readonly string[]): readonly string[] {
  const removedSet = new Set(removedItems);
  return items.filter((item) => !removedSet.has(item));
}

const ADDRESS_LINE_KINDS = { 'ip-alias': 'alias', carp: 'alias', 'proxy-arp': 'proxy-arp', other: 'routed' } as const;

const printAddressLine = ({ kind, ...location }: AnnouncedAddress): string =>
  `${ADDRESS_LINE_KINDS[kind]} ${printAddressLocation(location)}`;

const describeAnnouncement = ({ kind, carp, ...location }: AnnouncedAddress): string =>
  `${kind} ${printAddressLocation(location)}${carp ? ` (vhid ${carp.vhid}, every ${carp.advertiseSeconds} s, skew ${carp.skew})` : ''}`;

const printAddressLocation = ({
  address,
  length,
  interface: interfaceName,
}: Pick<AnnouncedAddress, 'address' | 'length' | 'interface'>): string =>
  `${printAddress(address)}/${length} on ${interfaceName}`;
