// What cPanel's own program does to the rules of a server, as its settings say it. It changes nothing of ours, and so no exit status.

const RULE_WORDS = ['added', 'skipped', 'zone'] as const;

/** With each run of configure_firewall_for_cpanel: rules for its ports, none, or a service in firewalld's default zone. */
export type CpanelRules = (typeof RULE_WORDS)[number];

/** As the device program says it. Words of a newer program, and none of an older one: not said. */
export const parseCpanelRules = (lines: readonly string[] = []): CpanelRules | undefined =>
  lines.length === 1 ? RULE_WORDS.find((word) => word === lines[0]) : undefined;

const SKIP_SETTING = 'skip_rules_added_by_configure_firewall_for_cpanel';
// Source: cPanel's reference of WHM API 1, which names the key as any of cpanel.config.
const SKIP_COMMAND = `whmapi1 set_tweaksetting key=${SKIP_SETTING} value=1`;

/** What a person should know beside a release that runs as it was delivered. Where nothing is added there is nothing to say. */
export function listCpanelNotes(rules: CpanelRules | undefined): readonly string[] {
  switch (rules) {
    case 'added':
      return [
        `configure_firewall_for_cpanel adds cPanel's own rules with each run, and none after ${SKIP_COMMAND}: what the release closes, they don't open. On Enterprise Linux each run empties Host Access Control's rules, with the setting, too`,
      ];
    case 'zone':
      return [
        `configure_firewall_for_cpanel adds cPanel's own service to firewalld's default zone with each run, whatever ${SKIP_SETTING} says: what the release closes, it doesn't open`,
      ];
    case 'skipped':
    case undefined:
      return [];
    default:
      return rules satisfies never;
  }
}

/** What the next run of cPanel's program does with a rule that it writes or takes away; '' where that isn't known. */
export function describeNextRun(rule: 'written' | 'emptied' | undefined, rules: CpanelRules | undefined): string {
  // Under firewalld it leaves all other rules alone.
  if (rule === undefined || rules === undefined || rules === 'zone') return '';
  if (rule === 'emptied') return 'each run of configure_firewall_for_cpanel takes it away';
  return rules === 'added'
    ? `taken away, it comes back with the next run of configure_firewall_for_cpanel, unless ${SKIP_SETTING} is 1`
    : `taken away, it comes back with no run of configure_firewall_for_cpanel: ${SKIP_SETTING} is 1`;
}
