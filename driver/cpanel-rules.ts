// Describes what cPanel's own program (configure_firewall_for_cpanel) does to the rules of a server, by its settings,
// as notes of `verify`. It changes nothing of a release, so it changes no exit status.

const RULE_WORDS = ['added', 'skipped', 'zone'] as const;

/**
 * The effect of each run of configure_firewall_for_cpanel: rules for its ports, none, or a service in firewalld's
 * default zone.
 */
export type CpanelRules = (typeof RULE_WORDS)[number];

/** Parses the agent's word; undefined for words of a newer agent and for an older agent, which has none. */
export const parseCpanelRules = (lines: readonly string[] = []): CpanelRules | undefined =>
  lines.length === 1 ? RULE_WORDS.find((word) => word === lines[0]) : undefined;

const SKIP_SETTING = 'skip_rules_added_by_configure_firewall_for_cpanel';
// Source: cPanel's reference of WHM API 1, which names the key as any of cpanel.config.
const SKIP_COMMAND = `whmapi1 set_tweaksetting key=${SKIP_SETTING} value=1`;

/** Returns the notes for the operator on a release that runs as delivered; none if cPanel adds nothing. */
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

/**
 * Returns the effect of the next run of cPanel's program on a rule that it writes or removes; '' if that isn't known.
 */
export function describeNextRun(rule: 'written' | 'emptied' | undefined, rules: CpanelRules | undefined): string {
  // Under firewalld cPanel's program leaves all other rules alone.
  if (rule === undefined || rules === undefined || rules === 'zone') return '';
  if (rule === 'emptied') return 'each run of configure_firewall_for_cpanel takes it away';
  return rules === 'added'
    ? `taken away, it comes back with the next run of configure_firewall_for_cpanel, unless ${SKIP_SETTING} is 1`
    : `taken away, it comes back with no run of configure_firewall_for_cpanel: ${SKIP_SETTING} is 1`;
}
