/** Parses `16`, `0x10`, `020`, `+16`, `-16` as the C library does. Undefined for a text that is no number to it. */
export function parseInteger(text: string): number | undefined {
  const [, sign, digits] = /^([-+]?)(0x[0-9a-f]{1,8}|\d{1,12})$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const number = /^0\d/.test(digits) ? parseOctal(digits) : Number(digits);
  return sign === '-' && number !== undefined ? -number : number;
}

export const parseOctal = (text: string): number | undefined =>
  /[89]/.test(text) ? undefined : Number.parseInt(text, 8);

/**
 * Returns ports as iptables parses them for `-p udp` and `-m conntrack`: it takes `022` as 22, and 16 bits of a number.
 * Seen, iptables 1.8.9.
 */
export const toDecimalPorts = (text: string): string =>
  text.replaceAll(/\d+/g, (number) => `${Number(number) % 65_536}`);
