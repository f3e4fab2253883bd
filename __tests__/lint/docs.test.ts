// Compares docs/reference/lint.md and the page of each lint rule with the rules: the same codes and severities, and
// every source document's warning in one table.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { explainRule, findNearestRules, printSeverity } from '../../lib/lint/explain-rule';
import { lintRules } from '../../lib/lint/lint';
import { platforms } from '../../lib/registry';
import { expectGolden } from '../support';

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'docs/reference/lint.md');
const page = (): string => readFileSync(PAGE, 'utf8');

/** The vendor's warnings, numbered as in our notes on the two documents, with the rule that each became. */
const REFERENCE: Readonly<Record<string, string>> = {
  CPNAT_EXISTING_PRODUCTION: 'cpnat/existing-production',
  CPNAT_NOT_ONE_TO_ONE: 'cpnat/not-one-to-one',
  CPNAT_HAIRPIN_MISSING: 'cpnat/hairpin-missing',
  CPNAT_MYIP_BLOCKED: 'cpnat/myip-blocked',
  CPNAT_SNAT_ASYMMETRIC: 'cpnat/snat-asymmetric',
  CPNAT_DUPLICATE_PUBLIC: 'cpnat/duplicate-public',
  CPNAT_SHADOWED_LINE: 'cpnat/shadowed-line',
  CPNAT_DUPLICATE_LOCAL: 'cpnat/duplicate-local',
  CPNAT_LOOPBACK_LOCAL: 'cpnat/loopback-local',
  CPNAT_IPV6: 'cpnat/ipv6',
  CPNAT_BAD_LINE: 'cpnat/bad-line',
  CPNAT_EMPTY: 'cpnat/empty',
  CPNAT_FLAG_WITHOUT_NAT: 'cpnat/flag-without-nat',
  CPNAT_MYIP_CUSTOM: 'cpnat/myip-custom',
  CPNAT_ACCOUNTS_STALE: 'cpnat/accounts-stale',
  CPNAT_PORTS_DOC: 'nat/mapping-opens-nothing',
  PORT_UNUSED_OPEN: 'ports/unused-open',
  ADMIN_LOCKOUT: 'access/admin-lockout',
  CONSOLE_UNCONFIRMED: 'access/console-unconfirmed',
  HAC_IGNORED: 'access/hac-ignored',
  PLAINTEXT_OPEN: 'ports/plaintext-open',
  CERT_UNVERIFIED: 'ports/cert-unverified',
  FTP_PREFER_SFTP: 'ports/ftp-prefer-sftp',
  FTP_PASSIVE_CLOSED: 'ports/ftp-passive-closed',
  FTP_PASSIVE_MISMATCH: 'ports/ftp-passive-mismatch',
  SSH_BEFORE_TRANSFER: 'access/ssh-before-transfer',
  PORT26_NOT_ENABLED: 'ports/port26-not-enabled',
  HTTP_ROLE_DISABLED: 'ports/http-role-disabled',
  PANEL_VIA_443: 'ports/panel-via-443',
  AUTOSSL_EGRESS: 'outbound/autossl-egress',
  SMTPS_TLS12: 'ports/smtps-tls12',
  LOCALHOST_ONLY_EXPOSED: 'ports/localhost-only-exposed',
  LOCALHOST_ONLY_BLOCKED: 'ports/localhost-only-blocked',
  INSECURE_LOGIN_PORT: 'ports/insecure-login-port',
  LICENSE_EGRESS_BLOCKED: 'licence/egress-blocked',
  LICENSE_CALLBACK_CLOSED: 'licence/callback-closed',
  EAS_PLUGIN_MISSING: 'ports/eas-plugin-missing',
  APNS_ONLY: 'outbound/apns-only',
  MYSQL_PUBLIC: 'ports/mysql-public',
  APT_KEY_PORT: 'outbound/apt-key-port',
  EXAMPLE_CONFIG: 'text/example-config',
  BACKEND_NOT_RECOMMENDED: 'device/backend-not-recommended',
  CONFIGURE_FIREWALL_WIPES: 'device/configure-firewall-wipes',
  FIREWALLD_WITH_CSF_APF: 'device/firewalld-with-csf-apf',
  NFT_DOC_EXAMPLE_FAMILY: 'text/nft-doc-example-family',
};

/** The design's requirements for gateways, with their places. */
const GATEWAYS: Readonly<Record<string, string>> = {
  'allow-all to a mapped host': 'ports/everything-open',
  'public address in a filter rule where the inside one belongs': 'text/public-address-in-filter',
  'port forward that shadows a mapping': 'nat/forward-shadows-mapping',
  'mapping on the primary WAN address while a VPN ends there': 'intent/public-is-own-address',
  'no VIP': 'intent/no-virtual-ip',
  'VIP kind that does not fit the delivery, on-link': 'nat/vip-unanswered',
  'VIP kind that does not fit the delivery, routed': 'nat/vip-for-routed-prefix',
  'VIP reaches the gateway': 'nat/vip-reaches-gateway',
  'unequal masks': 'intent/masks-differ',
  overlaps: 'intent/outside-overlap',
  'several inside addresses on one public one': 'cpnat/duplicate-public',
  'mapping that opens nothing': 'nat/mapping-opens-nothing',
  'foreign outbound NAT before ours': 'nat/foreign-outbound-nat',
  'reflection missing though cPanel needs it': 'cpnat/hairpin-missing',
  'hairpin launders a source': 'nat/hairpin-launders-source',
  'default-accept forward chain': 'nat/default-accept-forward',
  'few ports and no fixed outbound address': 'nat/port-forward-would-do',
  'no way back in': 'access/admin-lockout',
  'licence callback unreachable': 'licence/callback-closed',
  'restriction that sends licence traffic through port-changing NAT': 'licence/restricted-mapping',
  'plaintext where a TLS twin exists': 'ports/plaintext-open',
  'IPv6 open while IPv4 is filtered': 'ports/ipv6-wider',
  'gateway and host that disagree': 'nat/host-refuses',
};

const decidedTable = (): string =>
  [
    '| rule | severity | decided by | |',
    '| --- | --- | --- | --- |',
    ...lintRules.map(
      (rule) =>
        `| [\`${rule.code}\`](lint/${rule.code}.md) | ${printSeverity(rule)} | ${rule.decidedBy} | ${rule.title} |`,
    ),
  ].join('\n');

/** Returns the codes of a section's table: in the first column, or in the last if that names the refusing platform. */
function codesIn(section: string): readonly string[] {
  const text = new RegExp(`## ${section}\n([\\s\\S]*?)(\n## |$)`).exec(page())![1]!;
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .flatMap((line) => {
      const cells = line.split('|').slice(1, -1);
      return [...cells[section === 'Refused at synth' ? cells.length - 1 : 0]!.matchAll(/`([a-z]+\/[a-z0-9-]+)`/g)].map(
        ([, code]) => code!,
      );
    });
}

const SECTIONS = ['Decided', 'Needs a fact', 'Advice', 'Refused at synth'];

describe('docs/reference/lint.md', () => {
  it('has all rules as they are', () => {
    const text = page().replace(
      /<!-- decided -->[\s\S]*<!-- end -->/,
      `<!-- decided -->\n\n${decidedTable()}\n\n<!-- end -->`,
    );
    expectGolden(text, PAGE);
  });

  it('has every warning of the sources in exactly one table', () => {
    const all = SECTIONS.flatMap(codesIn);
    const wanted = [...new Set([...Object.values(REFERENCE), ...Object.values(GATEWAYS)])];
    expect(wanted.filter((code) => all.filter((one) => one === code).length !== 1)).toEqual([]);
    expect(Object.keys(REFERENCE)).toHaveLength(45);
  });

  it('names existing codes only, and no rule twice', () => {
    expect(codesIn('Decided')).toEqual(lintRules.map(({ code }) => code));
    const others = ['Needs a fact', 'Advice'].flatMap(codesIn);
    expect(others.filter((code) => lintRules.some((rule) => rule.code === code))).toEqual([]);
    const grep = (code: string): string => {
      // Problems that all platforms share have codes without platform ids.
      const [id, word] = code.split('/');
      const words = [code, ...(id! in platforms ? [word!] : [])].flatMap((one) => ['-e', `'${one}'`]);
      try {
        return execFileSync('grep', ['-rlF', ...words, join(ROOT, 'lib')], { encoding: 'utf8' });
      } catch {
        return '';
      }
    };
    expect(codesIn('Refused at synth').filter((code) => grep(code) === '')).toEqual([]);
  });
});

describe('the pages of the rules', () => {
  it.each(lintRules.map(({ code }) => code))('%s is printed by explain', (code) => {
    const path = join(ROOT, 'docs/reference/lint', `${code}.md`);
    if (!existsSync(dirname(path)) && process.env['UPDATE_GOLDENS'] === '1')
      mkdirSync(dirname(path), { recursive: true });
    expectGolden(explainRule(code)!, path);
  });

  it('are of existing rules', () => {
    const pages = readdirSync(join(ROOT, 'docs/reference/lint'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    );
    expect(pages.map((name) => name.replace(/\.md$/, '')).sort()).toEqual(lintRules.map(({ code }) => code).sort());
  });

  it("don't exist for an unknown code, whose neighbours are named", () => {
    expect(explainRule('ports/mysql')).toBeUndefined();
    expect(findNearestRules('ports/mysql-pubic')[0]).toBe('ports/mysql-public');
    expect(findNearestRules('MYSQL_PUBLIC')).toEqual(['ports/mysql-public']);
    expect(findNearestRules('hairpin')).toContain('cpnat/hairpin-missing');
    expect(findNearestRules('x'.repeat(5000))).toEqual([]);
  });
});
