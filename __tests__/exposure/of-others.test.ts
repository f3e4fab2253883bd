// Tests that the page of each lint rule says correctly whether `exposure` applies the rule to unmanaged config.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ParsedNatFiles } from '../../lib/cpnat/nat-files';
import { explainRule } from '../../lib/lint/explain-rule';
import { lintRules } from '../../lib/lint/lint';
import { UNMANAGED_CODES } from '../../lib/lint/unmanaged-rules';
import { parseQuestion } from '../../lib/exposure/answer/question';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { recognizeText } from '../../lib/exposure/texts/recognize-text';
import { HEADER, filter } from '../platforms/iptables/printed';
import { reportOf } from './report-on-file';

const chain = (rules: readonly string[], policy = 'drop', name = 'a'): string =>
  `table inet ${name} {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n}\n`;
const open = (...rules: readonly string[]): string => chain(rules);

const banned = (name: string, rule: string): string => {
  const accepting = filter('DROP', 'DROP', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT', rule);
  return (
    HEADER.ip +
    accepting.replace(/^:OUTPUT.*\n/m, (line) => `${line}:${name} - [0:0]\n`) +
    HEADER.ip6 +
    filter('DROP', 'DROP')
  );
};
const wild = (name: string): string =>
  readFileSync(join(__dirname, '../platforms/pfsense/wild', `${name}.xml`), 'utf8');

/** Unmanaged rules, by the finding that they cause. */
const FOUND: Readonly<Record<string, string>> = {
  'access/ban-ignored': banned('f2b-sshd', '-A f2b-sshd -s 192.0.2.77/32 -j DROP'),
  'access/hac-ignored': banned(
    'cPanel-HostAccessControl',
    '-A cPanel-HostAccessControl -p tcp -m tcp --dport 22 -j DROP',
  ),
  'access/ssh-open': open('tcp dport 22 accept'),
  'access/whm-open': open('tcp dport 2087 accept'),
  'nat/default-accept-forward': wild('allow-all'),
  'ports/by-source-port': open('udp sport 53 accept'),
  'ports/everything-open': chain([], 'accept'),
  'ports/ftp-prefer-sftp': open('tcp dport 21 accept'),
  'ports/insecure-login-port': open('tcp dport 2082 accept'),
  'ports/ipv6-wider': open('meta nfproto ipv6 tcp dport 8443 accept', 'tcp dport 443 accept'),
  'ports/localhost-only-exposed': open('tcp dport 783 accept'),
  'ports/mysql-public': open('tcp dport 3306 accept'),
  'ports/panel-via-443': open('tcp dport 443 accept', 'ip saddr 192.0.2.0/24 tcp dport 2087 accept'),
  'ports/plaintext-open': open('tcp dport 110 accept'),
  'ports/two-filters': open('tcp dport 443 accept') + chain(['tcp dport 443 accept'], 'drop', 'b'),
};

const codesIn = (text: string): readonly string[] =>
  reportOf(text).devices.flatMap(({ findings }) => findings.map(({ code }) => code));
const ofText = lintRules.filter(({ decidedBy }) => decidedBy === 'text').map(({ code }) => code);
const saysAsked = (code: string): boolean =>
  explainRule(code)!.includes('`exposure` asks it of devices of others, too');

describe('the page of a lint rule says about unmanaged config', () => {
  it('whether exposure checks it, for rules that a text decides and no others', () => {
    expect([...UNMANAGED_CODES].sort()).toEqual([...ofText].sort());
    expect(lintRules.filter(({ code, decidedBy }) => decidedBy !== 'text' && saysAsked(code))).toEqual([]);
  });

  it('that exposure checks it, if exposure prints it', () => {
    expect(ofText.filter(saysAsked).sort()).toEqual(Object.keys(FOUND).sort());
    expect(Object.entries(FOUND).filter(([code, text]) => !codesIn(text).includes(code))).toEqual([]);
  });

  it("that exposure doesn't check it, if exposure never prints it", () => {
    // Nothing comes in and nothing leaves, so each rule about closed ports would find something.
    const closed =
      chain([]) + chain([], 'drop', 'o').replace('chain input', 'chain output').replace('hook input', 'hook output');
    const services = open('tcp dport { 21, 26, 443, 465, 2091 } accept');
    const printed = new Set(
      [closed, services, ...Object.values(FOUND), wild('hosting'), wild('port-forwards')].flatMap(codesIn),
    );
    expect(ofText.filter((code) => !saysAsked(code) && printed.has(code))).toEqual([]);
  });

  it("that FTP without passive ports depends on Pure-FTPd's files", () => {
    expect(explainRule('ports/ftp-passive-closed')).toContain(
      'where the file of Pure-FTPd beside it says which ports are meant',
    );
    const codesBeside = (natFiles: ParsedNatFiles): readonly string[] => {
      const recognized = recognizeText(open('tcp dport { 21, 443 } accept'), 'rules.nft');
      const source = { ...(recognized as Extract<typeof recognized, { is: 'rules' }>), name: 'rules.nft', natFiles };
      return createExposureReport([source], NO_FACTS, parseQuestion({})).devices.flatMap(({ findings }) =>
        findings.map(({ code }) => code),
      );
    };
    expect(codesBeside({ passiveFtp: { first: 49_152, last: 65_534 } })).toContain('ports/ftp-passive-closed');
    expect(codesBeside({})).not.toContain('ports/ftp-passive-closed');
  });
});
