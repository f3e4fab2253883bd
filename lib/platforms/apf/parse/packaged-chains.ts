// Adds the iptables rules that APF 9.7 (the package of Debian and Ubuntu) makes from settings and lists, in the order
// in which APF loads them.

import { SourceLocation } from '../../../parse/printed-files';
import { CommandRulesBuilder } from '../../../parse/xtables/command-rules-builder';
import { ApfFiles } from './apf-files';
import { HostLists, OwnAddresses } from './packaged-host-lists';
import { ApfSettings } from './apf-settings';
import { listUnresolved } from './shipped-scripts';
import {
  RULES_AFTER_PORTS,
  DROPPED_PORT_RULES,
  ANY_RESOLVER_RULES,
  RESOLVER_RULES,
  IDENT_RULES,
  INVALID_RULES,
  LAST_RULES,
  MULTICAST_RULES,
  PORT_RULES,
  SANITY_RULES,
  STUFFED_RULES,
  addIcmpTypes,
  addFixedRules,
} from './fixed-rules';

const BOTH_CHAINS = ['INPUT', 'OUTPUT'] as const;

/** Source: the script `firewall` of apf-firewall 9.7 and the files that it includes. */
export class PackagedChains {
  private readonly hosts: HostLists;

  constructor(
    private readonly apf: CommandRulesBuilder,
    private readonly settings: ApfSettings,
    private readonly files: ApfFiles,
    ownAddresses: OwnAddresses,
  ) {
    this.hosts = new HostLists(apf, settings, files, ownAddresses);
  }

  /** Adds all rules. `trusted`: interfaces that APF doesn't filter. */
  build(trusted: readonly string[]): void {
    const { apf, settings } = this;
    for (const [at, name] of ['lo', ...trusted].entries()) {
      const place = settings.getPlace(at === 0 ? 'IFACE_IN' : 'IFACE_TRUSTED');
      apf.addRule('INPUT', `-i ${name} -j ACCEPT`, place);
      apf.addRule('OUTPUT', `-o ${name} -j ACCEPT`, place);
    }
    apf.addChain('RESET');
    apf.addRule('RESET', '-p tcp -j REJECT --reject-with tcp-reset', settings.getPlace('TCP_STOP'));
    apf.addChain('PROHIBIT');
    apf.addRule('PROHIBIT', '-j REJECT --reject-with icmp-host-prohibited', settings.getPlace('UDP_STOP'));
    for (const [key, name] of [
      ['BLK_MCATNET', 'multicast'],
      ['BLK_PRVNET', 'private'],
      ['BLK_RESNET', 'reserved'],
    ] as const)
      if (settings.isOn(key)) this.addNetworks(settings.getPlace(key), name);
    for (const name of ['TALLOW', 'TDENY', 'TGALLOW', 'TGDENY', 'TMP_DROP']) apf.addChain(name, ...BOTH_CHAINS);
    for (const name of ['TALLOW-out', 'TDENY-out']) apf.addChain(name, 'OUTPUT');
    this.hosts.addAllowed();
    if (settings.isOn('RAB')) this.addReactive();
    this.hosts.addDenied();
    addFixedRules(apf, settings, DROPPED_PORT_RULES);
    this.addGateways();
    this.addSanity();
    this.addPeerToPeer();
    this.addOpened();
    addFixedRules(apf, settings, RULES_AFTER_PORTS);
    this.addResolvers();
    addFixedRules(apf, settings, LAST_RULES);
  }

  private addNetworks(place: SourceLocation, name: string): void {
    const { apf, files, settings } = this;
    const file = `internals/${name}.networks`;
    const lines = files.findLines(file);
    const unclear = apf.addUnknownSet(file, 'networks that are not in the text');
    if (!lines)
      for (const [chain, side] of CHAIN_SIDES)
        apf.addRule(chain, `${unclear} ${side === 's' ? 'src' : 'dst'} -j $ALL_STOP`, place);
    for (const line of (lines ?? []).filter(({ text }) => !text.includes('#')))
      for (const word of settings.splitWords('INSTALL_PATH', line.text))
        for (const [chain, side] of CHAIN_SIDES) apf.addRule(chain, `-${side} ${word} -j $ALL_STOP`, line);
  }

  /** Adds the rules that block earlier offenders for a while, unless the kernel has no list for that. */
  private addReactive(): void {
    const { apf, settings } = this;
    const came = '-m recent --update';
    apf.addRule('INPUT', `${came} -j $ALL_STOP`, settings.getPlace('RAB'));
    const level = Number(settings.getText('RAB_PSCAN_LEVEL'));
    const ports = SCANNED_PORTS.slice(0, level >= 1 && level <= 3 ? level : 0).flat();
    for (const port of ports)
      for (const protocol of ['tcp', 'udp'])
        apf.addRule(
          'INPUT',
          `-p ${protocol} --dport ${port} ${came} -j $${protocol.toUpperCase()}_STOP`,
          settings.getPlace('RAB_PSCAN_LEVEL'),
        );
  }

  /** Adds the rules of gateways. Operators set VF_LGATE, but APF then reads LGATE_MAC. */
  private addGateways(): void {
    const { apf, settings } = this;
    if (settings.getText('VF_LGATE') === '') return;
    apf.addChain('LMAC');
    for (const mac of settings.list('LGATE_MAC'))
      apf.addRule('INPUT', `-m mac ! --mac-source ${mac} -j LMAC`, settings.getPlace('LGATE_MAC'));
    apf.addRule('LMAC', '-j REJECT --reject-with icmp-net-prohibited', settings.getPlace('VF_LGATE'));
  }

  private addSanity(): void {
    const { apf, settings } = this;
    if (settings.isOn('PKT_SANITY')) {
      for (const chain of ['IN_SANITY', 'OUT_SANITY', 'FRAG_UDP', 'PZERO']) apf.addChain(chain);
      for (const part of [SANITY_RULES, INVALID_RULES, STUFFED_RULES]) addFixedRules(apf, settings, part);
    }
    const hasIdent = settings
      .getText('IG_TCP_CPORTS')
      .split(/[,\n]/)
      .some((port) => /(?<!\w)113(?!\w)/.test(port));
    if (!hasIdent) addFixedRules(apf, settings, IDENT_RULES);
    addFixedRules(apf, settings, MULTICAST_RULES);
  }

  /** Adds the rules from and to peer-to-peer ports; for a single port TCP is refused from every port. */
  private addPeerToPeer(): void {
    const { apf, settings } = this;
    const HIGH = '1024:65534';
    for (const portRange of settings.list('BLK_P2P_PORTS')) {
      const [first = '', last = ''] = portRange.split('_').filter((part) => part !== '');
      const isRange = portRange.includes('_');
      const port = isRange ? `${first}:${last}` : portRange;
      for (const protocol of ['tcp', 'udp'])
        for (const chain of BOTH_CHAINS) {
          const from = isRange || protocol === 'udp' ? `--sport ${HIGH}` : '';
          apf.addRule(chain, `-p ${protocol} ${from} --dport ${port} -j REJECT`, settings.getPlace('BLK_P2P_PORTS'));
          apf.addRule(
            chain,
            `-p ${protocol} --dport ${HIGH} --sport ${port} -j REJECT`,
            settings.getPlace('BLK_P2P_PORTS'),
          );
        }
    }
  }

  /** Adds the opened ports. With SET_VNET the address is empty: `-d` takes the next word for one. */
  private addOpened(): void {
    const { apf, settings } = this;
    if (settings.isOn('SET_VNET'))
      return apf.noteSkipped(
        settings.getPlace('SET_VNET'),
        'ifconfig of today tells it no address of its own: no port is opened.',
      );
    addFixedRules(apf, settings, PORT_RULES);
    addIcmpTypes(apf, settings);
    if (settings.isOn('EGF'))
      for (const protocol of ['TCP', 'UDP'])
        for (const userPort of settings.list(`EG_${protocol}_UID`)) {
          const [user = '', port = ''] = userPort.split(':').filter((part) => part !== '');
          const words = `-p ${protocol.toLowerCase()} --dport ${port.replaceAll('_', ':')} -m owner --uid-owner ${user} -j ACCEPT`;
          if (port !== '') apf.addRule('OUTPUT', words, settings.getPlace(`EG_${protocol}_UID`));
        }
  }

  private addResolvers(): void {
    const { apf, settings, files } = this;
    const place = settings.getPlace('RESV_DNS');
    const taken = listUnresolved(files).map((protocol) => `INPUT -p ${protocol} `);
    const removeTaken = (rules: string): string =>
      rules
        .split('\n')
        .filter((line) => !line.endsWith('-j ACCEPT') || !taken.some((words) => line.includes(words)))
        .join('\n');
    if (!settings.isOn('RESV_DNS')) return addFixedRules(apf, settings, removeTaken(ANY_RESOLVER_RULES));
    const fromResolvers = removeTaken(RESOLVER_RULES);
    const lines = files.findLines('/etc/resolv.conf');
    if (!lines) {
      const unclear = apf.addUnknownSet('/etc/resolv.conf', 'resolvers that are not in the text');
      return addFixedRules(apf, settings, fromResolvers, {
        from: `${unclear} src`,
        to: `${unclear} dst`,
        perhaps: `${unclear} src`,
        by: place,
      });
    }
    for (const line of lines.filter(({ text }) => !text.includes('#') && /(?<!\w)nameserver(?!\w)/.test(text))) {
      const [, address = ''] = line.text.trim().split(/[ \t]+/);
      if (address === '' || /127.0.0.1/.test(address)) continue;
      addFixedRules(apf, settings, fromResolvers, {
        from: `-s ${address}`,
        to: `-d ${address}`,
        perhaps: '',
        by: line,
      });
    }
  }
}

const CHAIN_SIDES = [
  ['INPUT', 's'],
  ['OUTPUT', 'd'],
] as const;

/** Ports that each level adds to the one before. Source: internals/rab.ports of 9.7. */
export const SCANNED_PORTS = [
  [1, 7, 9, 11, 15, 69, 70],
  [79, 109, 119, 512, 513, 517, 518],
  [13, 17, 19, 540, 635, 640, 641, 666, 700],
];
