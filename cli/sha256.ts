import { createHash } from 'node:crypto';

/** In base64, as a page's policy has it. */
export const hashSha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
