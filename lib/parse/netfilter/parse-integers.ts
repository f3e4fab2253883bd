/** Parses `16`, `0x10`, `020`, `-16` as the C library does. Undefined for a text that is no number to it. */
export function parseInteger(text: string): number | undefined {
  const [, sign, digits] = /^(-?)(0x[0-9a-f]{1,8}|\d{1,11})$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const number = /^0\d/.test(digits) ? parseOctal(digits) : Number(digits);
  return sign && number !== undefined ? -number : number;
}

export const parseOctal = (text: string): number | undefined =>
  /[89]/.test(text) ? undefined : Number.parseInt(text, 8);
