// Cases of cases.ts that versions of firewalld evaluate differently.

import { Case } from './cases';
import { LATER, PROGRAMS } from './daemon';

/** Outcomes by the first version that loads the files so; they hold up to the next version in the table. */
export type Versions = Readonly<Partial<Record<keyof typeof TRIED, Omit<Case, 'etc'> | 'broken'>>>;

export const TRIED = { '1.3': PROGRAMS, '2.3': LATER['2.3'], '2.5': LATER['2.5'] } as const;

const CONF = { 'firewalld.conf': 'DefaultZone=public\n' };
const P80 = '<port port="80" protocol="tcp"/>';
const to = (from: string, priority: number, items: string, target = 'CONTINUE'): string =>
  `<policy target="${target}" priority="${priority}"><ingress-zone name="${from}"/><egress-zone name="HOST"/>${items}</policy>\n`;
const zone = (items: string, attributes = ''): string => `<zone${attributes}><interface name="eth0"/>${items}</zone>\n`;
const rule = (items: string, attributes = ''): string => `<rule family="ipv4"${attributes}>${items}</rule>`;

const HTTP = 'tcp 80 from 198.18.0.1';
const passes = { passes: [HTTP], stops: [] } as const;
const stops = { passes: [], stops: [HTTP] } as const;
const only = (...some: readonly string[]) => ({ passes: some, stops: [HTTP].filter((one) => !some.includes(one)) });

/** Files that versions load differently, each tried with the programs. */
export const LATER_CASES: Readonly<Record<string, Pick<Case, 'etc'> & { readonly by: Versions }>> = {
  'a policy of the default zone holds from 2.0 on though no interface is bound to the zone': {
    etc: { ...CONF, 'zones/public.xml': '<zone/>\n', 'policies/p.xml': to('public', 5, P80) },
    by: { '1.3': stops, '2.3': passes },
  },
  'a target that is written as default is undecided from 2.0 on: the default zone decides then': {
    etc: { ...CONF, 'zones/dmz.xml': zone('', ' target="default"'), 'zones/public.xml': '<zone target="ACCEPT"/>\n' },
    by: { '1.3': stops, '2.3': passes },
  },
  'zones have priorities from 2.0 on: a narrower source may come first': {
    etc: {
      ...CONF,
      'zones/alpha.xml': '<zone><source address="198.18.0.0/16"/></zone>\n',
      'zones/zulu.xml': `<zone ingress-priority="-1"><source address="198.18.0.1"/>${P80}</zone>\n`,
    },
    by: { '1.3': 'broken', '2.3': passes },
  },
  'an interface may come before a source from 2.0 on': {
    etc: {
      ...CONF,
      'zones/alpha.xml': '<zone target="DROP"><source address="198.18.0.0/16"/></zone>\n',
      'zones/zulu.xml': zone(P80, ' ingress-priority="-1"'),
    },
    by: { '1.3': 'broken', '2.3': passes },
  },
  'a policy between a zone and its target is evaluated for each zone that has one': {
    etc: {
      ...CONF,
      'zones/dmz.xml': zone(''),
      'policies/before.xml': to('ANY', -5, rule('<source address="198.18.0.2"/><drop/>')),
      'policies/behind.xml': to('dmz', 5, P80),
    },
    by: { '1.3': { passes: [HTTP], stops: ['tcp 80 from 198.18.0.2', 'tcp 81 from 198.18.0.1'] } },
  },
  'a zone answers pings before later policies from 2.0 on': {
    etc: { ...CONF, 'zones/public.xml': zone(''), 'policies/behind.xml': to('ANY', 5, '', 'DROP') },
    by: {
      '1.3': { passes: [], stops: ['icmp 8 from 192.0.2.7'] },
      '2.3': { passes: ['icmp 8 from 192.0.2.7'], stops: [HTTP] },
    },
  },
  'a policy is off by an element from 2.4 on': {
    etc: { ...CONF, 'policies/p.xml': to('ANY', -5, `${P80}<disable/>`) },
    by: { '1.3': 'broken', '2.3': 'broken', '2.5': stops },
  },
  'names may be longer from 2.4 on': {
    etc: { ...CONF, [`policies/${'a'.repeat(40)}.xml`]: to('ANY', -5, P80) },
    by: { '1.3': 'broken', '2.3': 'broken', '2.5': passes },
  },
  'rules of one priority have the file’s order, and from 2.3 on those without a source come first': {
    etc: {
      ...CONF,
      'zones/public.xml': zone(
        rule('<source address="198.18.0.0/16"/><drop/>', ' priority="-5"') + rule(`${P80}<accept/>`, ' priority="-5"'),
      ),
    },
    by: { '1.3': stops, '2.3': passes },
  },
  'a rule without its source’s family is ignored, and not loaded from 2.3 on': {
    etc: { ...CONF, 'zones/public.xml': zone(`${P80}<rule><source address="198.18.0.9"/><accept/></rule>`) },
    by: { '1.3': { ...only(), stops: [], unknown: [HTTP] }, '2.3': 'broken' },
  },
  'such a rule in an unbound zone is not loaded from 2.3 on either': {
    etc: {
      ...CONF,
      'zones/public.xml': zone(P80),
      'zones/work.xml': '<zone><rule><source address="198.18.0.9"/><accept/></rule></zone>\n',
    },
    by: { '1.3': passes, '2.3': 'broken' },
  },
  'an invalid source is left out, and not loaded from 2.3 on': {
    etc: {
      ...CONF,
      'zones/public.xml': zone(P80),
      'zones/work.xml': '<zone><source mac="00:11:22:33:44:55"/></zone>\n',
    },
    by: { '1.3': passes, '2.3': 'broken' },
  },
  'a limit has a burst from 2.2 on': {
    etc: { ...CONF, 'zones/public.xml': zone(rule(`${P80}<accept><limit value="10/m" burst="5"/></accept>`)) },
    by: { '1.3': 'broken', '2.3': { passes: [], stops: ['tcp 81 from 198.18.0.1'], but: [HTTP] } },
  },
  'a policy has no priority 0 from 2.0 on': {
    etc: { ...CONF, 'policies/p.xml': to('ANY', 0, P80) },
    by: { '1.3': passes, '2.3': 'broken' },
  },
  'a policy of a zone forwards ports to the host from 2.3.2 on': {
    etc: {
      ...CONF,
      'zones/public.xml': zone(''),
      'policies/p.xml': to('public', 5, '<forward-port port="80" protocol="tcp" to-port="81"/>'),
    },
    by: { '1.3': 'broken', '2.3': 'broken', '2.5': passes },
  },
  'an ICMP type with a wrong code is another type from 2.3.2 on': {
    etc: {
      ...CONF,
      'zones/public.xml': `<zone target="DROP"><interface name="eth0"/>${rule('<icmp-type name="network-prohibited"/><accept/>')}</zone>\n`,
    },
    by: { '1.3': { passes: [], stops: ['icmp 8 from 192.0.2.7'] } },
  },
  'a set with too many entries is loaded by 1.3 alone': {
    etc: {
      ...CONF,
      'zones/public.xml': zone('<rule><source ipset="x"/><accept/></rule>'),
      'ipsets/x.xml':
        '<ipset type="hash:ip"><option name="maxelem" value="1"/><entry>198.18.0.1</entry><entry>198.18.0.2</entry></ipset>\n',
    },
    by: { '1.3': passes, '2.3': 'broken' },
  },
  'overlapping entries are refused by nft, and from 2.3.2 on after the start': {
    etc: {
      ...CONF,
      'zones/public.xml': zone('<rule><source ipset="x"/><accept/></rule>'),
      'ipsets/x.xml': '<ipset type="hash:net"><entry>198.18.0.0/24</entry><entry>198.18.0.1</entry></ipset>\n',
    },
    by: { '1.3': 'broken', '2.3': 'broken', '2.5': { passes: [], stops: [], unknown: [HTTP] } },
  },
};
