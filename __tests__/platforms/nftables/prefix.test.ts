// Tests that nftables listings with log prefixes of iptables-nft, which may hold quotes, are parsed to the end of the
// rule.

import { reportOf } from '../../exposure/report-on-file';

const withPrefix = (prefix: string): string => `table inet filter {
	chain input {
		type filter hook input priority 0; policy drop;
		tcp dport 22 log prefix ${prefix} accept
		tcp dport 80 accept
	}
}
`;

// nft 1.0.6 lists the prefixes of iptables-nft --log-prefix and --nflog-prefix so.
test.each([`""x""`, `""x y" "`, `"a"b "`, `"x""`])('a prefix may contain unescaped quotes: %s', (prefix) => {
  expect(reportOf(withPrefix(prefix)).headline).toBe('Open to the internet: tcp 22,80.');
});

test.each([`"x" accept # 5" disk`, `"x"accept comment "b"`, `""accept comment "b"`])(
  'a rule goes on after a prefix: %s',
  (rule) => {
    expect(reportOf(withPrefix(rule).replace(`${rule} accept`, rule)).headline).toBe(
      'Open to the internet: tcp 22,80.',
    );
  },
);
