// Hashes a text with SHA-256, for digests of releases.

import { createHash } from 'node:crypto';

/** Returns the hash of a text in UTF-8, in hexadecimal. */
export const hashSha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
