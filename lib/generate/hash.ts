// Hashes a text to 32 or 52 bits (FNV-1a), for short names in generated config.

/** Returns the FNV-1a hash of a text, 32 bits. It serves for names, not for security. */
export function hash32(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Returns a hash of 52 bits: all that a number holds of 13 hexadecimal digits. */
export const hash52 = (text: string): number => (hash32(text, 0x2c9277b5) % 0x100000) * 0x100000000 + hash32(text);
