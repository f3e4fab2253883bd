// Cases of cases.ts on ipsets that rules change, and on sets of sets.

import { Case, one, toGateway } from './cases';
import { SETS, filter } from '../printed';

/** Sets that rules change, and sets in lists of sets. */
export const SETS_CHANGED: readonly Case[] = [
  one(
    'a set that rules add to',
    {
      sets: SETS.others,
      ip: filter(
        'DROP',
        'DROP',
        '-A INPUT -m set --match-set s src -j ACCEPT',
        '-A INPUT -p udp -j SET --add-set s src',
      ),
    },
    toGateway,
    'unknown',
  ),
  one(
    'a set in a list that rules add to',
    {
      sets: SETS.listedOthers,
      ip: filter('DROP', 'DROP', '-A INPUT -j SET --add-set l src', '-A INPUT -m set --match-set s src -j ACCEPT'),
    },
    toGateway,
    'unknown',
  ),
];
