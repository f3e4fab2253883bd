// Tests configurations that firewalld before 1.3 loads differently: files and loaded rules must give the same packets.

import { findByLocation } from '../../../lib/net/device';
import { parseAddress } from '../../../lib/net/address';
import { PROTOCOL } from '../../../lib/net/packet';
import { parser } from '../../../lib/platforms/firewalld/parse/parser';
import { parser as nftables } from '../../../lib/platforms/nftables/parse/parser';
import { problemsOf } from '../../problems';
import { temporaryFolder } from '../../temporary-folder';
import { port, router } from '../../devices';
import { server, verdicts } from './get-dispositions';
import { EARLIER, PROGRAMS, Tree, describeWith, loadedFrom, printedUntold, printedWithStock } from './daemon';

// Configurations that versions before 1.3 load differently: tried with the program of 1.1; for 0.9, of which there is
// no package here, by its source.

const folder = temporaryFolder();
const HTTP = 'tcp 80 from 198.18.0.1';
const CONF = { 'firewalld.conf': 'DefaultZone=public\n' };
const P80 = '<port port="80" protocol="tcp"/>';

const CASES: Readonly<Record<string, Tree>> = {
  'a rich rule about a service is about its own ports alone, not those that it includes': {
    ...CONF,
    'services/all.xml': '<service><include service="web"/></service>\n',
    'services/web.xml': `<service>${P80}</service>\n`,
    'zones/public.xml': `<zone>${P80}<rule><service name="all"/><drop/></rule></zone>\n`,
  },
  'policies of interfaces by the beginning of their names are never evaluated': {
    ...CONF,
    'zones/public.xml': `<zone>${P80}<interface name="eth+"/></zone>\n`,
    'policies/p.xml':
      '<policy target="DROP" priority="-5"><ingress-zone name="public"/><egress-zone name="HOST"/></policy>\n',
  },
};

describe.each([
  ['1.1', EARLIER, 'passes'],
  ['1.3', PROGRAMS, 'stops'],
] as const)('firewalld %s', (_, programs, does) => {
  const asked = { passes: [], stops: [], [does]: [HTTP] };
  describeWith(programs)('and its files', () => {
    it.each(Object.entries(CASES))(`%s: a packet that it should drop ${does}`, (__, etc) => {
      expect(verdicts(parser.read(printedWithStock(etc, programs), server), asked)).toEqual(asked);
      const { state, ruleset } = loadedFrom(etc, folder, programs);
      expect([state, verdicts(nftables.read(ruleset, server), asked)]).toEqual(['running', asked]);
    });

    it('refuses policies between sources of both families if firewalld fails', () => {
      const zone = (name: string, source: string): Tree => ({
        [`zones/${name}.xml`]: `<zone><source address="${source}"/></zone>\n`,
      });
      const policy = '<policy target="ACCEPT"><ingress-zone name="a"/><egress-zone name="b"/></policy>\n';
      const etc = { ...CONF, ...zone('a', '198.18.0.0/16'), ...zone('b', '2001:db8:1::/64'), 'policies/p.xml': policy };
      const codes = problemsOf(() => parser.read(printedWithStock(etc, programs), server)).map(({ code }) => code);
      const { state } = loadedFrom(etc, folder, programs);
      expect([state, codes]).toEqual(does === 'passes' ? ['failed', ['firewalld/broken']] : ['running', []]);
    });
  });
});

describeWith(PROGRAMS)('firewalld 0.9', () => {
  const of = (version: string, etc: Tree): string =>
    `${printedUntold(etc)}\n==> usr/lib/python3.6/site-packages/firewall/config/__init__.py <==\nVERSION = "${version}"\n`;
  const gateway = router([port('eth0', 'outside', ['198.51.100.50/24']), port('eth1', 'inside', ['10.0.0.50/24'])]);
  const through = {
    source: parseAddress('198.18.0.1')!,
    destination: parseAddress('10.0.0.9')!,
    protocol: PROTOCOL.icmp,
    port: 8,
    sourcePort: 0,
  };

  it('leaves forwarded packets unknown, for which two zones are evaluated', () => {
    const said = (version: string): string | undefined =>
      findByLocation(parser.read(of(version, CONF), gateway).reachability.views, {
        kind: 'interface',
        name: 'eth0',
      })!.dispositions.findValue(through)?.is;
    expect([said('0.9.11'), said('1.0.0')]).toEqual(['unknown', undefined]);
  });

  it('evaluates policies after the zones for packets that the zones have not decided', () => {
    const etc = {
      ...CONF,
      'zones/public.xml': '<zone target="ACCEPT"/>\n',
      'policies/p.xml':
        '<policy target="DROP" priority="5"><ingress-zone name="ANY"/><egress-zone name="HOST"/></policy>\n',
    };
    const passes = { passes: [HTTP], stops: [] };
    expect(verdicts(parser.read(of('0.9.11', etc), server), passes)).toEqual(passes);
    const stops = { passes: [], stops: [HTTP] };
    expect(verdicts(parser.read(of('1.0.0', etc), server), stops)).toEqual(stops);
  });

  it('refuses masquerading for a set of sources, with which firewalld does not start', () => {
    const etc = {
      ...CONF,
      'ipsets/some.xml': '<ipset type="hash:net"><entry>198.18.0.0/16</entry></ipset>\n',
      'zones/public.xml': '<zone><rule family="ipv4"><source ipset="some"/><masquerade/></rule></zone>\n',
    };
    const codes = (version: string): readonly string[] =>
      problemsOf(() => parser.read(of(version, etc), server)).map(({ code }) => code);
    expect([codes('0.9.11'), codes('1.0.0')]).toEqual([['firewalld/broken'], []]);
  });
});
