// The words that allow a login to deliver (`bootstrap --allow`), and those that a release needs.

import { Release } from '../lib/agent-protocol/release';
import { loginWords } from '../lib/device-systems';
import { getSystem } from './agent-program';

/** The words of `bootstrap --allow`. */
export const LOGIN_WORDS: readonly string[] = loginWords.map(({ word }) => word);

/** Returns the words that a login by sudo needs for this release. */
export function findNeededWords({
  platform,
  cpnat = [],
  replaces = [],
}: Pick<Release, 'platform' | 'cpnat' | 'replaces'>): readonly string[] {
  const neededWords = new Set([
    getSystem(platform).loginWord?.word,
    ...(cpnat.length > 0 ? ['cpnat'] : []),
    ...(replaces.length > 0 ? ['replace'] : []),
  ]);
  return LOGIN_WORDS.filter((word) => neededWords.has(word));
}
