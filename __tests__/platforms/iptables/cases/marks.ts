// Cases of cases.ts on the targets MARK and CONNMARK.

import { Case, one, reached, toGateway } from './cases';
import { filter, mangle, table } from '../printed';

/** The marks that `MARK` and `CONNMARK` set, and their value in later rules. */
export const MARKS: readonly Case[] = [
  one(
    'a mark',
    {
      ip:
        mangle('-A PREROUTING -j MARK --set-xmark 0x5/0xffffffff') +
        filter('DROP', 'DROP', '-A INPUT -m mark --mark 0x5 -j ACCEPT'),
    },
    toGateway,
    reached,
  ),
  one(
    'a connection mark that is saved and restored',
    {
      ip:
        mangle(
          '-A PREROUTING -j MARK --set-xmark 0x56/0xffffffff',
          '-A PREROUTING -j CONNMARK --save-mark --nfmask 0xf0 --ctmask 0xff',
          '-A PREROUTING -j MARK --set-xmark 0x300/0xffffffff',
          '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xffff',
        ) + filter('DROP', 'DROP', '-A INPUT -m mark --mark 0x350 -m connmark --mark 0x50 -j ACCEPT'),
    },
    toGateway,
    reached,
  ),
  one(
    'no mark is restored before connection tracking',
    {
      ip:
        table(
          'raw',
          ':PREROUTING ACCEPT [0:0]',
          ':OUTPUT ACCEPT [0:0]',
          '-A PREROUTING -j MARK --set-xmark 0x5/0xffffffff',
          '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff',
        ) + filter('DROP', 'DROP', '-A INPUT -m mark --mark 0x5 -j ACCEPT'),
    },
    toGateway,
    reached,
  ),
  one(
    'mark 0 if no rule sets one',
    {
      ip:
        mangle('-A PREROUTING -j TTL --ttl-set 60', '-A PREROUTING -j DSCP --set-dscp 0x08') +
        filter('DROP', 'DROP', '-A INPUT -m mark --mark 0x0 -j ACCEPT'),
    },
    toGateway,
    reached,
  ),
];
