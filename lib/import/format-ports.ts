import { NumberRange } from '../net/device';

/** Protocols by their numbers, as an intent writes them: those with ports, and those without that have a name. */
export const PORT_PROTOCOL_NAMES: Readonly<Record<number, 'tcp' | 'udp' | 'sctp' | 'dccp' | 'udplite'>> = {
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  132: 'sctp',
  136: 'udplite',
};
export const PORTLESS_PROTOCOL_NAMES: Readonly<Record<number, 'gre' | 'esp' | 'ah'>> = {
  47: 'gre',
  50: 'esp',
  51: 'ah',
};

/** As an intent writes ports: `443`, or `[443, '8000-8010']`. */
export function formatPorts(ranges: readonly NumberRange[]): number | (number | string)[] {
  const list = ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
  const [only] = list;
  return list.length === 1 && typeof only === 'number' ? only : list;
}

export const expandRange = ({ first, last }: NumberRange): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
