// Cases of cases.ts on packet and connection marks.

import { Case, hook, inet, probe, reached, toGateway } from './cases';

/** The marks that rules set, and their value in later rules. */
export const MARKS: readonly Case[] = [
  {
    name: 'a mark from a map ends the rule for keys that the map lacks',
    text: inet(hook('input', '0', 'accept', 'meta mark set tcp dport map { 22 : 1 } drop')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a mark from a map goes on for keys of the map',
    text: inet(hook('input', '0', 'accept', 'meta mark set tcp dport map { 443 : 1 } drop')),
    probe: toGateway,
    becomes: 'denied',
  },
  ...(
    [
      ['meta mark . tcp dport { 0x10 . 443, 0x20 . 22 }', reached],
      ['meta mark . tcp dport { 0x20 . 443, 0x10 . 22 }', 'denied'],
      ['meta mark . meta l4proto { 0x1-0x20 . tcp }', reached],
    ] as const
  ).map(([asks, becomes]): Case => ({
    name: `a mark beside another field, of packets with several: ${asks}`,
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 443 meta mark set 0x10', 'tcp dport 22 meta mark set 0x20'),
      hook('input', '0', 'drop', `${asks} accept`),
    ),
    probe: toGateway,
    becomes,
  })),
  ...(
    [
      ['meta mark & 0xfffffff0 == 0x10', reached],
      ['meta mark 0x00000010/28', reached],
      ['meta mark 0x1f/28', reached],
      ['meta mark != 0x10/28', 'denied'],
      ['meta mark 0x00000000/24', reached],
      ['meta mark { 0x00000010/28, 0x80 }', reached],
      ['meta mark { 0x00000020/28, 0x80 }', 'denied'],
      ['meta mark . tcp dport { 0x10/28 . 443 }', 'unknown'],
      ['ip saddr . tcp dport { 198.51.100.0/24 . 440/13 }', reached],
    ] as const
  ).map(([asks, becomes]): Case => ({
    name: `a mark that begins with some bits, as nft lists a mask of it: ${asks}`,
    text: inet(hook('input', '0', 'drop', `meta mark set 0x15`, `${asks} accept`)),
    probe: toGateway,
    becomes,
  })),
  {
    name: 'a comparison of a mark’s first bits needs no others',
    text: inet(
      hook('prerouting', '-150', 'accept', 'meta mark set ct mark'),
      hook('input', '0', 'drop', 'meta mark set meta mark & 0xff | 0x100', 'meta mark 0x00000100/24 accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a connection mark does not exist before connection tracking',
    text: inet(
      hook('prerouting', '-300', 'accept', 'meta mark set ct mark drop'),
      hook('input', '0', 'accept', 'ct state new accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a connection mark exists after connection tracking',
    text: inet(hook('input', '0', 'accept', 'meta mark set ct mark drop')),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'setting a connection mark needs no connection',
    text: inet(
      hook('prerouting', '-300', 'accept', 'ct mark set 1 drop'),
      hook('input', '0', 'accept', 'ct state new accept'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  ...[['notrack', 'meta mark set 1'] as const, ['meta mark set 1', 'notrack'] as const].map(
    ([first, second]): Case => ({
      name: `notrack is certain beside a chain that sets a mark: ${first} before ${second}`,
      text: inet(
        hook('prerouting', '-300', 'accept', first),
        hook('prerouting', '-300', 'accept', second).replace(/chain \w+/, 'chain beside'),
        hook('input', '0', 'drop', 'ct state untracked accept', 'meta mark 1 drop'),
      ),
      probe: toGateway,
      becomes: reached,
    }),
  ),
  {
    name: 'a mark that no rule has set is 0',
    text: inet(hook('input', '0', 'drop', 'meta mark 0 tcp dport 443 accept', 'tcp dport 22 meta mark set 1')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a mark that a rule has set is known',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 443 meta mark set 1'),
      hook('input', '0', 'drop', 'meta mark 1 accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a mark that a rule sets within a limit is set for a new client',
    text: inet(
      hook('prerouting', '-150', 'accept', 'tcp dport 443 limit rate 5/second meta mark set 1'),
      hook('input', '0', 'drop', 'meta mark 1 accept'),
    ),
    probe: toGateway,
    becomes: `${reached}, but`,
  },
  {
    name: 'a mark that only later hooks set is 0',
    text: inet(
      hook('prerouting', '-150', 'drop', 'meta mark 0 ct mark 0 accept'),
      hook('input', '0', 'accept', 'meta mark set 1 ct mark set 1'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a mark that a jump target sets is known after the return',
    text: inet(
      '  chain deeper {\n    ct mark set 1\n  }\n',
      hook('input', '0', 'drop', 'tcp dport 443 jump deeper', 'ct mark 1 accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a mark that the last rule’s jump target sets is known in the next chain',
    text: inet(
      '  chain deeper {\n    tcp dport 443 meta mark set 1\n  }\n',
      hook('prerouting', '-150', 'accept', 'tcp dport 443 jump deeper'),
      hook('input', '0', 'drop', 'meta mark 1 accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a packet mark is no connection mark',
    text: inet(hook('prerouting', '-150', 'accept', 'meta mark set 1'), hook('input', '0', 'drop', 'ct mark 0 accept')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a connection mark from a map ends the rule for keys that the map lacks',
    text: inet(hook('input', '0', 'accept', 'ct mark set tcp dport map { 22 : 1 } drop')),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'a connection mark from a map goes on for keys of the map',
    text: inet(hook('input', '0', 'accept', 'ct mark set tcp dport map { 443 : 1 } drop')),
    probe: toGateway,
    becomes: 'denied',
  },
  {
    name: 'a mark from a field of the other family ends the rule',
    text: inet(hook('input', '0', 'accept', 'meta mark set ip dscp map { cs0 : 1, cs1 : 2 } drop')),
    probe: probe('out', '2001:db8:1::7', '2001:db8:1::2', 443),
    becomes: 'gw: 2001:db8:1::7 > 2001:db8:1::2:443',
  },
  {
    name: 'changing a connection mark that does not exist ends the rule',
    text: inet(
      hook('prerouting', '-300', 'accept', 'ct mark set ct mark or 1 drop'),
      hook('input', '0', 'drop', 'ct state new accept'),
    ),
    probe: toGateway,
    becomes: reached,
  },
  {
    name: 'copying the packet’s mark to the connection goes on without a connection',
    text: inet(
      hook('prerouting', '-300', 'accept', 'ct mark set meta mark drop'),
      hook('input', '0', 'drop', 'ct state new accept'),
    ),
    probe: toGateway,
    becomes: 'denied',
  },
  ...(
    [
      ['set', 'meta mark set 0x4000', 'meta mark & 0x8000 == 0x8000', reached],
      ['set, of a whole value', 'meta mark set 0x4000', 'meta mark 0x8000', reached],
      ['set beside the former bits', 'meta mark set meta mark | 0x4000', 'meta mark & 0xff == 0x1', reached],
      ['turned', 'meta mark set meta mark ^ 0x4000', 'meta mark & 0x8000 != 0', reached],
      ['left', 'meta mark set meta mark & 0xff00', 'meta mark != 0', reached],
      ['left and set', 'meta mark set meta mark & 0xffff00ff | 0x300', 'meta mark & 0x400 == 0x400', reached],
      ['set in a connection', 'ct mark set 0x1', 'ct mark 0x2', reached],
      ['set beside, in a connection', 'ct mark set ct mark | 0x1', 'ct mark & 0x2 == 0x2', reached],
      ['that are set', 'meta mark set 0x4000', 'meta mark & 0x4000 == 0x4000', 'denied'],
      ['set twice', 'meta mark set 0x1 meta mark set meta mark | 0x2', 'meta mark 0x3', 'denied'],
      ['copied', 'ct mark set 0x8000 meta mark set ct mark', 'meta mark & 0x8000 == 0x8000', 'denied'],
      ['of a map', 'meta mark set tcp dport map { 443 : 0x8000 }', 'meta mark & 0x8000 == 0x8000', 'unknown'],
      ['of the other mark', 'ct mark set 0x8000 meta mark set ct mark | 0x1', 'meta mark & 0x8000 == 0x8000', 'denied'],
    ] as const
  ).map(([what, sets, asks, becomes]): Case => ({
    name: `bits of a mark, ${what}: ${asks}`,
    text: inet(
      hook('prerouting', '-150', 'accept', `tcp dport 443 ${sets}`),
      hook('input', '0', 'drop', `${asks} drop`, 'tcp dport 443 accept'),
    ),
    probe: toGateway,
    becomes,
  })),
];
