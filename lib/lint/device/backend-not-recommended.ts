import { createFactsFinder } from '../server-facts';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds iptables.service on RHEL-like systems from version 8 on, and ufw.service on Ubuntu. cPanel's tools write for
 * another backend there, and neither knows the other's rules.
 */
export const backendNotRecommended: LintRule = {
  code: 'device/backend-not-recommended',
  severity: 'warning',
  title: 'The firewall is not the one that cPanel wants on this system',
  decidedBy: 'facts',
  explanation: {
    why: "cPanel's own tools write for nftables on systems like RHEL from 8 on, and for iptables on Ubuntu: rules of another firewall and theirs don't know each other.",
    when: 'Found where captured facts have iptables.service on such a system from version 8 on, or ufw.service on Ubuntu.',
    remedy: 'Platform nftables there, iptables on Ubuntu; and the other service disabled.',
    source: FIREWALL_PAGE,
  },
  find: createFactsFinder(({ system = '', firewalls = [] }) => {
    const [, id = '', version = '0'] = /^(\S+) (\d+)/.exec(system) ?? [];
    const unwantedUnit = UNWANTED_UNITS.find(
      ({ ids, from, unit }) => ids.includes(id) && Number(version) >= from && firewalls.includes(unit),
    );
    return (
      unwantedUnit !== undefined && {
        what: `${unwantedUnit.unit} is there on ${system}, and cPanel's tools write for ${unwantedUnit.tool} there.`,
        instead: `systemctl disable --now ${unwantedUnit.unit}; and the rules by ${unwantedUnit.tool}.`,
      }
    );
  }),
};

/**
 * The unit that cPanel advises against, and the tool that cPanel's programs write for, on these systems. Source: the
 * firewall page.
 */
const UNWANTED_UNITS: readonly {
  readonly ids: readonly string[];
  readonly from: number;
  readonly unit: string;
  readonly tool: string;
}[] = [
  { ids: ['almalinux', 'rocky', 'rhel', 'cloudlinux', 'centos', 'ol'], from: 8, unit: 'iptables.service', tool: 'nft' },
  { ids: ['ubuntu'], from: 0, unit: 'ufw.service', tool: 'iptables-restore' },
];
