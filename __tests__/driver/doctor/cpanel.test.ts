// Tests what `doctor` says about a port that rules of cPanel's programs open or close (configure_firewall_for_cpanel,
// Host Access Control, bans).

import { CpanelRules } from '../../../driver/cpanel-rules';
import { Changed } from './samples';
import { said } from './print-sample-diagnosis';

// cPanel's own rules come back after a person removes them.

/** Returns cPanel's table as nft prints it, with one rule in one of its chains. */
const filter = (chain: string, rule: string, table = 'inet filter'): string =>
  [
    `table ${table} {`,
    `\tchain ${chain} {`,
    `\t\t${rule}`,
    '\t}',
    '',
    '\tchain INPUT {',
    '\t\ttype filter hook input priority filter; policy accept;',
    `\t\tcounter packets 5 bytes 300 jump ${chain}`,
    '\t}',
    '}',
    '',
  ].join('\n');

const asked = (server: Changed, cpanelRules?: CpanelRules): string =>
  said({ server: { ...server, facts: { ...server.facts, ...(cpanelRules ? { cpanelRules } : {}) } } });

describe('a port that a rule of configure_firewall_for_cpanel opens', () => {
  // Without any rules of ours beside it.
  const open: Changed = {
    look: { ruleset: filter('cP-Firewall-1-INPUT', 'ct state new tcp dport 443 counter packets 0 bytes 0 accept') },
  };
  const step = (rules?: CpanelRules): string =>
    /✓ the server lets it through: .*\n((?: {4}.*\n)*)/.exec(asked(open, rules))![1]!;

  test.each([
    [
      'added',
      /^ {4}taken away, it comes back with the next run of configure_firewall_for_cpanel, unless skip_rules_added_by_configure_firewall_for_cpanel is 1\n$/,
    ],
    [
      'skipped',
      /^ {4}taken away, it comes back with no run of configure_firewall_for_cpanel: skip_rules_added_by_configure_firewall_for_cpanel is 1\n$/,
    ],
    ['zone', /^$/],
    [undefined, /^$/],
  ] as const)("if cPanel's rules are %s", (rules, expected) => expect(step(rules)).toMatch(expected));

  test('is named beside a release that allows it as well', () => {
    const accepts = filter('cP-Firewall-1-INPUT', 'ct state new tcp dport 443 counter packets 0 bytes 0 accept');
    expect(asked({ more: accepts }, 'added')).toMatch(
      /lets it through: line 3 of table inet filter \(configure_firewall_for_cpanel\) accepts it\n {4}taken away, it comes back/,
    );
  });

  test("isn't named for a rule of ours", () =>
    expect(asked({}, 'added')).toMatch(
      /lets it through: line \d+ of table inet cpanel_edge_hosting_host accepts it\n✓/,
    ));
});

describe('a port that Host Access Control or a ban closes', () => {
  const drop = 'ct state new tcp dport 443 counter packets 0 bytes 0 drop';
  const away = /shows what is left; each run of configure_firewall_for_cpanel takes it away$/m;

  test.each([
    ['cPanel-HostAccessControl', 'added'],
    ['cPanel-HostAccessControl', 'skipped'],
    ['cphulk', 'skipped'],
  ] as const)('%s, with %s: the message says that each run removes it', (chain, rules) =>
    expect(asked({ more: filter(chain, drop) }, rules)).toMatch(away),
  );

  test.each([
    ['firewalld leaves them alone', 'cPanel-HostAccessControl', 'zone', 'inet filter'],
    ["cPanel's setting isn't known", 'cPanel-HostAccessControl', undefined, 'inet filter'],
    ['the rules are of iptables and stay', 'cPanel-HostAccessControl', 'added', 'ip filter'],
    ['fail2ban is not cPanel', 'f2b-sshd', 'added', 'inet filter'],
  ] as const)("isn't named if %s", (_, chain, rules, table) => {
    const lines = asked({ more: filter(chain, drop, table) }, rules);
    expect(lines).toMatch(/^Most likely: .* on mail1 refuses/m);
    expect(lines).not.toMatch(/run of configure_firewall/);
  });
});

test('rules that each run adds are named beside the release, as verify does', () => {
  expect(asked({}, 'added')).toMatch(
    /✓ mail1 runs its release: .* as delivered\n {4}configure_firewall_for_cpanel adds cPanel's own rules/,
  );
  expect(asked({}, 'skipped')).not.toContain('configure_firewall_for_cpanel');
});
