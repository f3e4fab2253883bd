import { Announced } from '../../../net/device';
import { Box } from './box';
import { textAt } from './element';
import { Vip } from './vips';

const KINDS: Readonly<Record<string, Announced['kind']>> = { ipalias: 'ip-alias', carp: 'carp', proxyarp: 'proxy-arp', other: 'other' };

/** Every virtual IP that the configuration has, as the device announces it. */
export const announcedBy = ({ vips, byKey }: Box): readonly Announced[] => vips.flatMap((vip) => announced(vip, byKey) ?? []);

function announced({ element, kind, key, address, length }: Vip, byKey: Box['byKey']): Announced | undefined {
  const known = KINDS[kind];
  if (!known) return undefined;
  const number = (name: string): number => Number(textAt(element, name));
  const carp = { vhid: number('vhid'), advertiseSeconds: number('advbase'), skew: number('advskew') };
  return { kind: known, interface: byKey.get(key)?.name ?? key, address, length, ...(known === 'carp' ? { carp } : {}) };
}
