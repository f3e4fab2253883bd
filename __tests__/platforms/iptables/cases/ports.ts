// Cases of cases.ts on translations to ranges of ports.

import { Case, mapped, one, passed, through } from './cases';
import { nat } from '../printed';

/** Translations to several ports. */
export const TO_PORTS: readonly Case[] = [
  ...(['', ' --random', '/1'] as const).map((how) =>
    one(
      `DNAT to ports${how}`,
      { ip: nat(`-A PREROUTING -p tcp -d 203.0.113.11 -j DNAT --to-destination 10.0.0.10:440-450${how}`) },
      mapped,
      how === '' ? passed : 'unknown',
    ),
  ),
  ...(
    [
      ['from it on', '10.0.0.10:450-455/440', 'in: 198.51.100.7 > 10.0.0.10:453'],
      ['also ports within them', '10.0.0.10:440-450/441', 'in: 198.51.100.7 > 10.0.0.10:442'],
      ['not ports above', '10.0.0.10:450-452/440', 'unknown'],
      ['not ports below', '10.0.0.10:450-455/444', 'unknown'],
      ['without an address', ':450-455/440', 'in: 198.51.100.7 > 10.0.0.10:453'],
    ] as const
  ).map(([which, to, becomes]) =>
    one(
      `DNAT to ports counted from one: ${which}`,
      { ip: nat(`-A PREROUTING -p tcp ${to.startsWith(':') ? '' : '-d 203.0.113.11 '}-j DNAT --to-destination ${to}`) },
      to.startsWith(':') ? through : mapped,
      becomes,
    ),
  ),
];
