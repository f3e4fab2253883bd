import { readAnswer } from '../../driver/answer';
import { refused } from '../../driver/refused';
import { connectionOf } from './samples';

const insteadOf = (table: string): string =>
  refused(
    { connection: connectionOf(), device: 'web1', owner: 'web' },
    readAnswer(`cpanel-edge: refused other-firewall program=nft table=${table}\n`, '', 1),
  ).instead;

test('a table of nft beside iptables: whose it is decides what helps', () => {
  // What fail2ban of Debian 13 bans in by itself. Taken away, nobody would be banned.
  expect(insteadOf('inet:f2b-table')).toMatch(/banaction = iptables-multiport .*jail\.local.* systemctl restart fail2ban/);
  expect(insteadOf('inet:other')).toBe('platform nftables, which is judged with them; or take that table away.');
});
