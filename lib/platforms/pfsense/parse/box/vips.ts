import { Address, Family, familyOf, networkOf, parseAddress, prefixRange } from '../../../../net/address';
import { Announced } from '../../../../net/device';
import { Range } from '../../../../net/range';
import { XmlElement } from '../../../../xml/xml';
import { childOf, listOf, textAt } from '../elements/element';

export interface Vip {
  readonly element: XmlElement;
  /** `ipalias`, `carp`: an address of the box's own. `proxyarp`, `other`: none. */
  readonly kind: string;
  /** The interface that it is on; for one that is stacked on a CARP address the one that this is on. */
  readonly key: string;
  readonly address: Address;
  readonly length: number;
  readonly family: Family;
  readonly network: Range;
}

const KINDS: Readonly<Record<string, Announced['kind']>> = {
  ipalias: 'ip-alias',
  carp: 'carp',
  proxyarp: 'proxy-arp',
  other: 'other',
};

/** Undefined for a kind that no release has. */
export const kindOf = ({ kind }: Vip): Announced['kind'] | undefined => KINDS[kind];

export const isLocal = ({ kind }: Vip): boolean => kind === 'ipalias' || kind === 'carp';

/** All whose address is one. A missing mask is that of a host. Source: filter_generate_optcfg_array. */
export function vipsOf(root: XmlElement): readonly Vip[] {
  const entries = listOf(childOf(root, 'virtualip'), 'vip');
  const parents = new Map(entries.map((entry) => [`_vip${textAt(entry, 'uniqid')}`, textAt(entry, 'interface')]));
  return entries.flatMap((element): Vip[] => {
    const address = parseAddress(textAt(element, 'subnet'));
    if (address === undefined) return [];
    const family = familyOf(address);
    const most = family === 'ip' ? 32 : 128;
    const written = textAt(element, 'subnet_bits');
    const length = /^[1-9]\d{0,2}$/.test(written) && Number(written) <= most ? Number(written) : most;
    const on = textAt(element, 'interface');
    const key = parents.get(on) ?? on;
    const network = prefixRange(networkOf(address, length));
    return [{ element, kind: textAt(element, 'mode'), key, address, length, family, network }];
  });
}
