// Hashes a text with SHA-256 for the Content-Security-Policy of HTML pages.

import { createHash } from 'node:crypto';

/** Returns the SHA-256 in base64, as a page's Content-Security-Policy has it. */
export const hashSha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
