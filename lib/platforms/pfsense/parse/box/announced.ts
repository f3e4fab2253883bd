import { Announced } from '../../../../net/device';
import { Box } from './box';
import { textAt } from '../elements/element';
import { Vip, kindOf } from './vips';

/** Every virtual IP that the configuration has, as the device announces it. */
export const announcedBy = ({ vips, byKey }: Box): readonly Announced[] =>
  vips.flatMap((vip) => announced(vip, byKey) ?? []);

function announced(vip: Vip, byKey: Box['byKey']): Announced | undefined {
  const { element, key, address, length } = vip;
  const kind = kindOf(vip);
  if (!kind) return undefined;
  const number = (name: string): number => Number(textAt(element, name));
  const carp = { vhid: number('vhid'), advertiseSeconds: number('advbase'), skew: number('advskew') };
  return { kind, interface: byKey.get(key)?.name ?? key, address, length, ...(kind === 'carp' ? { carp } : {}) };
}
