// Formats ports and protocols as an intent writes them: `443`, `[443, '8000-8010']`, `gre`.

import { NumberRange } from '../net/device';

/** Names of protocols with ports in an intent, by number. */
export const PORT_PROTOCOL_NAMES: Readonly<Record<number, 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite'>> = {
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  132: 'sctp',
  136: 'udplite',
};
/** Names of protocols without ports in an intent, by number. Other protocols are written as numbers. */
export const PORTLESS_PROTOCOL_NAMES: Readonly<Record<number, 'gre' | 'esp' | 'ah'>> = {
  47: 'gre',
  50: 'esp',
  51: 'ah',
};

/** Returns ports as an intent writes them: `443`, or `[443, '8000-8010']`. */
export function formatPorts(ranges: readonly NumberRange[]): number | (number | string)[] {
  const list = ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
  const [onlyPort] = list;
  return list.length === 1 && typeof onlyPort === 'number' ? onlyPort : list;
}

export const expandRange = ({ first, last }: NumberRange): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
