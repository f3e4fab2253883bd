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

test('the advice on an nftables table beside iptables depends on its program', () => {
  // fail2ban of Debian 13 bans in this table by itself. Without the table no address would be banned.
  expect(insteadOf('inet:f2b-table')).toMatch(
    /banaction = iptables-multiport .*jail\.local.* systemctl restart fail2ban/,
  );
  expect(insteadOf('inet:other')).toBe('platform nftables, which is judged with them; or take that table away.');
});

test('a table that nftables.service loads at the next start differs from a loaded one', () => {
  const { what, instead } = refusedBy('table=inet:filter from=nftables.service');
  expect(what).toBe(
    'nftables.service is enabled there, and a restart loads rules of nft that iptables does not show (table inet filter).',
  );
  expect(instead).toMatch(/^platform nftables, .*; or systemctl disable nftables; or /);
});
