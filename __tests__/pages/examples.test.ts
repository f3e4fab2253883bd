// Tests that outputs shown in docs/how-to (cpanel-firewall.md, cpnat.md, recover.md, exposure.md) are those that the
// commands print.

import { exposureOf } from '../../constructs/testing';
import { CpanelFirewallProfile, Gateway, OneToOneNat, VirtualIp } from '../../constructs/public';
import { parseCpanelNat, listGatewayPolicies, listNatNotes } from '../../driver/cpanel-nat';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { HOST_KEY, stackOf } from '../constructs/construct-samples';
import { MAIL, holdersOf, lookAt } from '../driver/doctor/samples';
import { live, server, verify } from '../driver/drift-samples';
import { block, ending, refuses, short } from '../driver/simulated-device';
import { reportOf, wild } from '../exposure/report-on-file';
import { read } from '../walls/sources';

// Examples of output, compared with the commands' real output.

/** Returns the line of the page's examples that begins with this text. */
const shown = (begins: string): string =>
  new RegExp(`^(${begins}.*)$`, 'm').exec(read('docs/how-to/cpanel-firewall.md'))![1]!;

const ACCESS = `table inet filter {${'\n'.repeat(15)}	chain INPUT {
		type filter hook input priority filter; policy accept;
		jump cPanel-HostAccessControl
	}
	chain cPanel-HostAccessControl {
		ip saddr 198.51.100.7 tcp dport 443 drop
	}
}
`;

describe('cpanel-firewall.md', () => {
  test('verify names a line of Host Access Control', () => {
    const { lines } = verify(
      live(server, (rules) => rules + ACCESS),
      { ownershipRecords: [server] },
    );
    const [begin, end] = shown('  no drift: closed there').split('(…)') as [string, string];
    expect(lines.filter((line) => line.startsWith(begin)).map((line) => line.slice(line.indexOf('), by') + 1))).toEqual(
      [end],
    );
  });

  test('verify names the rules that cPanel adds, once and not as a difference', () => {
    const { facts } = lookAt(server);
    const { matches, lines } = verify(
      { ...lookAt(server), facts: { ...facts, cpanelRules: 'added' } },
      { ownershipRecords: [server] },
    );
    expect([matches, lines.filter((line) => line.includes('configure_firewall_for_cpanel'))]).toEqual([
      true,
      [shown('  no drift: configure')],
    ]);
  });

  test('exposure warns of a ban with less effect than it seems', () => {
    expect(printExposureText(reportOf(wild('cpanel-el9'))).split('\n')).toContain(
      shown('  warning access/ban-ignored'),
    );
  });
});

test('cpnat.md: verify names the lines of cPanel’s NAT file that differ', () => {
  const holders = holdersOf(MAIL);
  const { release } = holders.find(({ role }) => role === 'server')!;
  const file = [
    'cpnat there',
    'line 1 10.0.0.10 203.0.113.11',
    'line 2 10.0.0.12 203.0.113.12',
    'line 3 10.0.0.13 203.0.113.12',
  ];
  const notes = listNatNotes(parseCpanelNat(file), release!, () => listGatewayPolicies(holders));
  const [, example] = /```text\n( {2}no drift: \/var[^]*?)\n```/.exec(read('docs/how-to/cpnat.md'))!;
  expect(notes.map((note) => `  no drift: ${note}`)).toEqual(example!.split('\n'));
});

test('recover.md: a refused delivery ends with its reason and a block', async () => {
  const outcome = await ending({}, refuses);
  const [example] = /^Release [^]*?(?=\n```$)/m.exec(read('docs/how-to/recover.md'))!;
  const told = block(outcome)
    .join('\n')
    .replace(short, '3f0e9c21ab44')
    .replace('ffffffffffff', '77aa01c2de90')
    .replace('of web on gw', 'of hosting on edge1');
  expect(told).toBe(example);
  expect(outcome.paragraph.slice(0, -4).join('\n')).toMatch(/^driver\/not-proven at web on gw: .*\n {2}instead: /);
});

test('exposure.md: the exposure of a stack in a snapshot', () => {
  const stack = stackOf('edge');
  const gateway = new Gateway(stack, 'edge', {
    owner: 'hosting',
    platform: 'nftables',
    version: '1.0.6',
    connection: { host: '192.0.2.2', hostKeys: [HOST_KEY] },
    interfaces: ['wan0: outside 203.0.113.2/24', 'lan0: inside 10.0.0.1/24'],
  });
  const profile = new CpanelFirewallProfile(stack, 'mail', {
    services: ['https'],
    sources: 'anywhere',
    management: { from: ['198.51.100.0/28'], port: 22 },
  });
  const virtualIp = new VirtualIp(stack, 'vip', {
    gateway,
    interface: 'wan0',
    address: '203.0.113.10',
    kind: 'ip-alias',
  });
  new OneToOneNat(stack, 'mail1', { virtualIp, internal: '10.0.0.10', profile, inboundOnly: true });
  const [, example] = /\n\n( {4}Evidence: [^]*?\n)\n(?=\S)/.exec(read('docs/how-to/exposure.md'))!;
  expect(example!.replace(/^ {4}/gm, '')).toBe(exposureOf(stack));
});
