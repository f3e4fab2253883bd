// Tests the advice of a delivery for iptables that is refused because of a table of nftables: it depends on whose table
// it is, and on what loads it.

import { parseAnswer } from '../../driver/agent-answer';
import { explainRefusal } from '../../driver/refusal-messages';
import { connectionOf } from './samples';

const refusedBy = (values: string) =>
  explainRefusal(
    { connection: connectionOf(), device: 'web1', owner: 'web' },
    parseAnswer(`cpanel-edge: refused other-firewall program=nft ${values}\n`, '', 1),
  );
const insteadOf = (table: string): string => refusedBy(`table=${table}`).instead;

test('a table of nft beside iptables: whose it is decides what helps', () => {
  // What fail2ban of Debian 13 bans in by itself. Taken away, nobody would be banned.
  expect(insteadOf('inet:f2b-table')).toMatch(
    /banaction = iptables-multiport .*jail\.local.* systemctl restart fail2ban/,
  );
  expect(insteadOf('inet:other')).toBe('platform nftables, which is judged with them; or take that table away.');
});

test('a table that nftables.service loads at the next start is told from one that is there', () => {
  const { what, instead } = refusedBy('table=inet:filter from=nftables.service');
  expect(what).toBe(
    'nftables.service is enabled there, and a restart loads rules of nft that iptables does not show (table inet filter).',
  );
  expect(instead).toMatch(/^platform nftables, .*; or systemctl disable nftables; or /);
});
