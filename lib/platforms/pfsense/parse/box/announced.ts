import { AnnouncedAddress } from '../../../../net/device';
import { PfsenseBox } from './box';
import { getText } from '../elements/element';
import { PfsenseVirtualIp, findKind } from './virtual-ips';

/** Returns every virtual IP of the configuration in the form in which the device announces it. */
export const listAnnounced = ({ vips, byKey }: PfsenseBox): readonly AnnouncedAddress[] =>
  vips.flatMap((vip) => toAnnounced(vip, byKey) ?? []);

function toAnnounced(vip: PfsenseVirtualIp, byKey: PfsenseBox['byKey']): AnnouncedAddress | undefined {
  const { element, key, address, length } = vip;
  const kind = findKind(vip);
  if (!kind) return undefined;
  const number = (name: string): number => Number(getText(element, name));
  const carp = { vhid: number('vhid'), advertiseSeconds: number('advbase'), skew: number('advskew') };
  return { kind, interface: byKey.get(key)?.name ?? key, address, length, ...(kind === 'carp' ? { carp } : {}) };
}
