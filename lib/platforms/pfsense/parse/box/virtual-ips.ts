// Parses the virtual IPs of pfSense's config.xml: kind, interface, address and network.

import { Address, Family, getFamily, getNetwork, parseAddress, toRange } from '../../../../net/address';
import { AnnouncedAddress } from '../../../../net/device';
import { Range } from '../../../../net/range';
import { XmlElement } from '../../../../xml/parse-xml';
import { findChild, listChildren, getText } from '../elements/element';

export interface PfsenseVirtualIp {
  readonly element: XmlElement;
  /** `ipalias`, `carp`: an address of the box's own. `proxyarp`, `other`: not one. */
  readonly kind: string;
  /** Key of its interface. A virtual IP stacked on a CARP address has the interface of that address. */
  readonly key: string;
  readonly address: Address;
  readonly length: number;
  readonly family: Family;
  readonly network: Range;
}

const VIRTUAL_IP_KINDS: Readonly<Record<string, AnnouncedAddress['kind']>> = {
  ipalias: 'ip-alias',
  carp: 'carp',
  proxyarp: 'proxy-arp',
  other: 'other',
};

/** Returns the kind; undefined for a kind that no release has. */
export const findKind = ({ kind }: PfsenseVirtualIp): AnnouncedAddress['kind'] | undefined => VIRTUAL_IP_KINDS[kind];

export const isLocal = ({ kind }: PfsenseVirtualIp): boolean => kind === 'ipalias' || kind === 'carp';

/**
 * Returns all virtual IPs with a valid address. A missing mask is that of a host. Source: filter_generate_optcfg_array.
 */
export function parseVirtualIps(root: XmlElement): readonly PfsenseVirtualIp[] {
  const entries = listChildren(findChild(root, 'virtualip'), 'vip');
  const parents = new Map(entries.map((entry) => [`_vip${getText(entry, 'uniqid')}`, getText(entry, 'interface')]));
  return entries.flatMap((element): PfsenseVirtualIp[] => {
    const address = parseAddress(getText(element, 'subnet'));
    if (address === undefined) return [];
    const family = getFamily(address);
    const maxLength = family === 'ip' ? 32 : 128;
    const written = getText(element, 'subnet_bits');
    const length = /^[1-9]\d{0,2}$/.test(written) && Number(written) <= maxLength ? Number(written) : maxLength;
    const interfaceName = getText(element, 'interface');
    const key = parents.get(interfaceName) ?? interfaceName;
    const network = toRange(getNetwork(address, length));
    return [{ element, kind: getText(element, 'mode'), key, address, length, family, network }];
  });
}
