import { Place } from '../../../parse/printed-files';
import { MadeRules } from '../../../parse/xtables/made-rules';
import { Files } from './files';
import { Hosts, OwnAddresses } from './hosts';
import { Settings } from './settings';
import { unresolved } from './shipped';
import {
  BEHIND_PORTS,
  DROPPED_PORTS,
  FROM_ANY_RESOLVER,
  FROM_RESOLVERS,
  IDENT,
  INVALID,
  LAST,
  MULTICAST,
  PORTS,
  SANITY,
  STUFFED,
  addTypes,
  addWritten,
} from './written';

const BOTH = ['INPUT', 'OUTPUT'] as const;

/** What APF loads of its files, in its own order. Source: the script `firewall` of apf-firewall 9.7 and what it includes. */
export class Chains {
  private readonly hosts: Hosts;

  constructor(
    private readonly apf: MadeRules,
    private readonly settings: Settings,
    private readonly files: Files,
    own: OwnAddresses,
  ) {
    this.hosts = new Hosts(apf, settings, files, own);
  }

  /** `trusted`: interfaces that nothing is asked of. */
  build(trusted: readonly string[]): void {
    const { apf, settings } = this;
    for (const [at, name] of ['lo', ...trusted].entries()) {
      const by = settings.at(at === 0 ? 'IFACE_IN' : 'IFACE_TRUSTED');
      apf.add('INPUT', `-i ${name} -j ACCEPT`, by);
      apf.add('OUTPUT', `-o ${name} -j ACCEPT`, by);
    }
    apf.chain('RESET');
    apf.add('RESET', '-p tcp -j REJECT --reject-with tcp-reset', settings.at('TCP_STOP'));
    apf.chain('PROHIBIT');
    apf.add('PROHIBIT', '-j REJECT --reject-with icmp-host-prohibited', settings.at('UDP_STOP'));
    for (const [key, name] of [
      ['BLK_MCATNET', 'multicast'],
      ['BLK_PRVNET', 'private'],
      ['BLK_RESNET', 'reserved'],
    ] as const)
      if (settings.isOn(key)) this.networks(settings.at(key), name);
    for (const name of ['TALLOW', 'TDENY', 'TGALLOW', 'TGDENY', 'TMP_DROP']) apf.chain(name, ...BOTH);
    for (const name of ['TALLOW-out', 'TDENY-out']) apf.chain(name, 'OUTPUT');
    this.hosts.allowed();
    if (settings.isOn('RAB')) this.reactive();
    this.hosts.denied();
    addWritten(apf, settings, DROPPED_PORTS);
    this.gateways();
    this.sanity();
    this.peers();
    this.opened();
    addWritten(apf, settings, BEHIND_PORTS);
    this.resolvers();
    addWritten(apf, settings, LAST);
  }

  private networks(by: Place, name: string): void {
    const { apf, files, settings } = this;
    const file = `internals/${name}.networks`;
    const lines = files.linesOf(file);
    const unclear = apf.untold(file, 'networks that are not in the text');
    if (!lines)
      for (const [chain, side] of SIDES) apf.add(chain, `${unclear} ${side === 's' ? 'src' : 'dst'} -j $ALL_STOP`, by);
    for (const one of (lines ?? []).filter(({ text }) => !text.includes('#')))
      for (const word of settings.words('INSTALL_PATH', one.text))
        for (const [chain, side] of SIDES) apf.add(chain, `-${side} ${word} -j $ALL_STOP`, one);
  }

  /** Who did something before is kept out for a while, unless the kernel has no list for that. */
  private reactive(): void {
    const { apf, settings } = this;
    const came = '-m recent --update';
    apf.add('INPUT', `${came} -j $ALL_STOP`, settings.at('RAB'));
    const level = Number(settings.text('RAB_PSCAN_LEVEL'));
    const ports = SCANNED.slice(0, level >= 1 && level <= 3 ? level : 0).flat();
    for (const port of ports)
      for (const protocol of ['tcp', 'udp'])
        apf.add(
          'INPUT',
          `-p ${protocol} --dport ${port} ${came} -j $${protocol.toUpperCase()}_STOP`,
          settings.at('RAB_PSCAN_LEVEL'),
        );
  }

  /** VF_LGATE is what people set, and LGATE_MAC is what is read then. */
  private gateways(): void {
    const { apf, settings } = this;
    if (settings.text('VF_LGATE') === '') return;
    apf.chain('LMAC');
    for (const mac of settings.listed('LGATE_MAC'))
      apf.add('INPUT', `-m mac ! --mac-source ${mac} -j LMAC`, settings.at('LGATE_MAC'));
    apf.add('LMAC', '-j REJECT --reject-with icmp-net-prohibited', settings.at('VF_LGATE'));
  }

  private sanity(): void {
    const { apf, settings } = this;
    if (settings.isOn('PKT_SANITY')) {
      for (const chain of ['IN_SANITY', 'OUT_SANITY', 'FRAG_UDP', 'PZERO']) apf.chain(chain);
      for (const part of [SANITY, INVALID, STUFFED]) addWritten(apf, settings, part);
    }
    const hasIdent = settings
      .text('IG_TCP_CPORTS')
      .split(/[,\n]/)
      .some((one) => /(?<!\w)113(?!\w)/.test(one));
    if (!hasIdent) addWritten(apf, settings, IDENT);
    addWritten(apf, settings, MULTICAST);
  }

  /** To and from their ports; of one port alone TCP is refused from every port. */
  private peers(): void {
    const { apf, settings } = this;
    const HIGH = '1024:65534';
    for (const one of settings.listed('BLK_P2P_PORTS')) {
      const [first = '', last = ''] = one.split('_').filter((part) => part !== '');
      const isRange = one.includes('_');
      const port = isRange ? `${first}:${last}` : one;
      for (const protocol of ['tcp', 'udp'])
        for (const chain of BOTH) {
          const from = isRange || protocol === 'udp' ? `--sport ${HIGH}` : '';
          apf.add(chain, `-p ${protocol} ${from} --dport ${port} -j REJECT`, settings.at('BLK_P2P_PORTS'));
          apf.add(chain, `-p ${protocol} --dport ${HIGH} --sport ${port} -j REJECT`, settings.at('BLK_P2P_PORTS'));
        }
    }
  }

  /** With SET_VNET for an address that is empty: `-d` takes the next word for one. */
  private opened(): void {
    const { apf, settings } = this;
    if (settings.isOn('SET_VNET'))
      return apf.skip(settings.at('SET_VNET'), 'ifconfig of today tells it no address of its own: no port is opened.');
    addWritten(apf, settings, PORTS);
    addTypes(apf, settings);
    if (settings.isOn('EGF'))
      for (const protocol of ['TCP', 'UDP'])
        for (const one of settings.listed(`EG_${protocol}_UID`)) {
          const [user = '', port = ''] = one.split(':').filter((part) => part !== '');
          const words = `-p ${protocol.toLowerCase()} --dport ${port.replaceAll('_', ':')} -m owner --uid-owner ${user} -j ACCEPT`;
          if (port !== '') apf.add('OUTPUT', words, settings.at(`EG_${protocol}_UID`));
        }
  }

  private resolvers(): void {
    const { apf, settings, files } = this;
    const by = settings.at('RESV_DNS');
    const taken = unresolved(files).map((protocol) => `INPUT -p ${protocol} `);
    const left = (rules: string): string =>
      rules
        .split('\n')
        .filter((one) => !one.endsWith('-j ACCEPT') || !taken.some((words) => one.includes(words)))
        .join('\n');
    if (!settings.isOn('RESV_DNS')) return addWritten(apf, settings, left(FROM_ANY_RESOLVER));
    const fromResolvers = left(FROM_RESOLVERS);
    const lines = files.linesOf('/etc/resolv.conf');
    if (!lines) {
      const unclear = apf.untold('/etc/resolv.conf', 'resolvers that are not in the text');
      return addWritten(apf, settings, fromResolvers, {
        from: `${unclear} src`,
        to: `${unclear} dst`,
        perhaps: `${unclear} src`,
        by,
      });
    }
    for (const one of lines.filter(({ text }) => !text.includes('#') && /(?<!\w)nameserver(?!\w)/.test(text))) {
      const [, address = ''] = one.text.trim().split(/[ \t]+/);
      if (address === '' || /127.0.0.1/.test(address)) continue;
      addWritten(apf, settings, fromResolvers, { from: `-s ${address}`, to: `-d ${address}`, perhaps: '', by: one });
    }
  }
}

const SIDES = [
  ['INPUT', 's'],
  ['OUTPUT', 'd'],
] as const;

/** What each level asks more than the one before. Source: internals/rab.ports of 9.7. */
export const SCANNED = [
  [1, 7, 9, 11, 15, 69, 70],
  [79, 109, 119, 512, 513, 517, 518],
  [13, 17, 19, 540, 635, 640, 641, 666, 700],
];
