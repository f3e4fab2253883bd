// Cases of cases.ts on comparisons under a bit mask.

import { asked } from '../parse-packet-names';
import { Case } from './cases';

/** Comparisons of a part of a field under a mask. */
export const MASKS: readonly Case[] = [
  ...asked('udp dport & 65520 == 4096', { 'udp 4096': true, 'udp 4111': true, 'udp 4112': false, 'tcp 4096': false }),
  ...asked('tcp dport & 0xff00 != 0x0100', { 'tcp 256': false, 'tcp 443': false, 'tcp 512': true, 'udp 512': false }),
  ...asked('tcp dport & 0x3ff 443', { 'tcp 443': true, 'tcp 1467': true, 'tcp 444': false }),
  ...asked('tcp dport & 0xff 187', { 'tcp 443': true, 'tcp 444': false, 'udp 443': false }),
  ...asked('tcp dport & 0x7f 59', { 'tcp 443': 'unknown', 'udp 443': false }),
  ...asked('tcp dport & 0xff00 { 0x100, 0x300 }', { 'tcp 443': true, 'tcp 768': true, 'tcp 512': false }),
  ...asked('tcp dport & 0xff00 > 0x100', { 'tcp 443': false, 'tcp 512': true }),
  ...asked('tcp dport & 0xff00 0x100-0x200', { 'tcp 443': true, 'tcp 512': true, 'tcp 768': false, 'tcp 80': false }),
  ...asked('tcp dport & 0xff0f != 0x10b', { 'tcp 443': false, 'tcp 427': false, 'tcp 442': true }),
  ...asked('tcp dport 440/13', { 'tcp 443': true, 'tcp 448': false, 'udp 443': false }),
  ...asked('udp dport != 443/8', { 'udp 443': false, 'udp 512': true }),
  ...asked('tcp dport { 440/13, 22 }', { 'tcp 443': true, 'tcp 22': true, 'tcp 448': false }),
  ...asked('meta l4proto 4/6', { 'tcp 443': true, 'udp 443': false }),
  ...asked('icmp type 9/7', { ping: true, 'tcp 443': false }),
  ...asked('tcp dport and 0xff00 eq 0x1bb', { 'tcp 443': false }),
  ...asked('tcp sport & 0xfff0 == 22000', { 'tcp 443': true, 'udp 443': false }),
  ...asked('ip saddr & 255.255.255.0 == 198.51.100.0', { 'tcp 443': true, 'tcp6 443': false }),
  ...asked('ip saddr & 3.255.255.255 == 2.51.100.7', { 'tcp 443': true }),
  ...asked('ip saddr & 3.255.255.255 != 2.51.100.7', { 'tcp 443': false, 'tcp6 443': false }),
  ...asked('ip saddr & 0.255.255.255 == 0.51.100.7', { 'tcp 443': true, 'tcp6 443': false }),
  ...asked('ip saddr & 0.127.255.255 == 0.51.100.7', { 'tcp 443': 'unknown', 'tcp6 443': false }),
  ...asked('ip saddr & 255.255.255.0 { 10.0.0.0, 198.51.100.0 }', { 'tcp 443': true }),
  ...asked('ip saddr & 255.255.0.0 < 198.51.0.0', { 'tcp 443': false }),
  ...asked('ip6 saddr & ffff:ffff:: == 2001:db8::', { 'tcp6 443': true, 'tcp 443': false }),
  ...asked('ip6 saddr & ffff:ffff:: != 2001:db8::', { 'tcp6 443': false, 'tcp 443': false }),
  ...asked('icmp type & echo-request == echo-request', { ping: true, 'tcp 443': false }),
  ...asked('meta l4proto & 4 == 4', { 'tcp 443': true, 'udp 443': false }),
  ...asked('ip protocol & 240 == ip', { 'tcp 443': true, 'udp 443': false, 'tcp6 443': false }),
  ...asked('tcp dport & 1 == 1', { 'tcp 443': 'unknown', 'udp 443': false }),
  ...asked('tcp dport & 65521 | 1 == 433', { 'tcp 443': 'unknown', 'udp 443': false }),
  ...asked('tcp dport | 1 == 443', { 'tcp 443': 'unknown', 'udp 443': false }),
];
