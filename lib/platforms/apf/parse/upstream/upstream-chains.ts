// Adds the iptables rules that APF 2.0.2 (upstream) makes from settings and lists, in the order in which APF loads
// them. `../packaged-chains.ts` does the same for 9.7.

import { Family } from '../../../../net/address';
import { SourceLocation } from '../../../../parse/printed-files';
import { CommandRulesBuilder } from '../../../../parse/xtables/command-rules-builder';
import { SCANNED_PORTS } from '../packaged-chains';
import { ApfFiles } from '../apf-files';
import { OwnAddresses } from '../packaged-host-lists';
import { ApfSettings } from '../apf-settings';
import { IDENT_RULES, addIcmpTypes, addFixedRules } from '../fixed-rules';
import { TrustedHosts } from './upstream-host-lists';
import { QUERY_RULES, BLOCK_RULES, FIRST_RULES, LAST_RULES, OPEN_RULES, PEER_RULES } from './upstream-fixed-rules';

/**
 * The rules that 2.0.2 loads from its files, in its own order. Source: firewall_full_load in internals/apf_core.sh of
 * v2.0.2.
 */
export class UpstreamChains {
  constructor(
    private readonly apf: CommandRulesBuilder,
    private readonly settings: ApfSettings,
    private readonly files: ApfFiles,
    private readonly ownAddresses: OwnAddresses,
  ) {}

  build(): void {
    const { apf, settings, files } = this;
    for (const name of ['RESET', 'PROHIBIT', 'LMAC', 'SYNFLOOD', 'MCAST', 'RABPSCAN', 'SMTP_BLK']) apf.addChain(name);
    addFixedRules(apf, settings, FIRST_RULES);
    for (const { address, family, by } of this.parseAddresses('silent_ips.rules')) {
      apf.addRule('INPUT', `-d ${address} -j DROP`, by, [family]);
      apf.addRule('OUTPUT', `-s ${address} -j DROP`, by, [family]);
    }
    if (settings.isOn('BLK_MCATNET')) this.addNetworks('BLK_MCATNET', 'multicast');
    if (settings.isOn('BLK_PRVNET')) this.addNetworks('BLK_PRVNET', 'private');
    if (settings.isOn('BLK_RESNET')) this.addNetworks('BLK_RESNET', 'reserved', settings.isOn('DLIST_RESERVED'));
    for (const name of ['TALLOW', 'TDENY']) {
      apf.addChain(name, 'INPUT', 'OUTPUT');
      apf.addChain(`${name}-out`, 'OUTPUT');
    }
    new TrustedHosts(apf, settings, files, this.ownAddresses).load();
    addFixedRules(apf, settings, BLOCK_RULES);
    if (!`,${settings.getText('IG_TCP_CPORTS')},`.includes(',113,')) addFixedRules(apf, settings, IDENT_RULES);
    addFixedRules(apf, settings, PEER_RULES);
    if (settings.isOn('RAB')) this.addScanned();
    addFixedRules(apf, settings, OPEN_RULES);
    addIcmpTypes(apf, settings);
    addFixedRules(apf, settings, QUERY_RULES);
    if (settings.isOn('RESV_DNS')) this.addResolvers();
    addFixedRules(apf, settings, LAST_RULES);
  }

  /** Adds the rules of networks. `fetched`: each start fetches other ones. */
  private addNetworks(key: string, name: string, fetched = false): void {
    const { apf, files, settings } = this;
    const file = `internals/${name}.networks`;
    const place = settings.getPlace(key);
    if (fetched || !files.find(file))
      for (const family of settings.families) {
        const unclear = apf.addUnknownSet(
          file,
          fetched ? 'networks that each start fetches' : 'networks that are not in the text',
          family,
        );
        apf.addRule('INPUT', `${unclear} src -j $ALL_STOP`, place, [family]);
        apf.addRule('OUTPUT', `${unclear} dst -j $ALL_STOP`, place, [family]);
      }
    else
      for (const { address, family, by: entryPlace } of this.parseAddresses(file)) {
        apf.addRule('INPUT', `-s ${address} -j $ALL_STOP`, entryPlace, [family]);
        apf.addRule('OUTPUT', `-d ${address} -j $ALL_STOP`, entryPlace, [family]);
      }
  }

  /**
   * Parses whole lines, except for a remark of silent_ips.rules. In lists of networks a last line without an end is
   * lost.
   */
  private parseAddresses(
    file: string,
  ): readonly { readonly address: string; readonly family: Family; readonly by: SourceLocation }[] {
    const { apf, files, settings } = this;
    const lines = files.findLines(file) ?? [];
    const isSilent = file === 'silent_ips.rules';
    const last = lines.at(-1);
    if (last && !isSilent && !files.find(file)!.text.endsWith('\n'))
      apf.noteUnknown(last, 'a last line without an end is read in vain');
    return lines
      .map((place) => ({
        by: place,
        address: isSilent ? place.text.replace(/#.*/s, '').replaceAll(' ', '') : place.text.replace(/^#.*/s, ''),
      }))
      .filter(({ address }) => address !== '')
      .map(({ by: place, address }) => ({ by: place, address, family: detectFamily(address) }))
      .filter(({ family }) => settings.families.includes(family));
  }

  /**
   * Adds the rules that block sources of packets to such a port for a while, unless the kernel has no list for that.
   * They never block resolvers.
   */
  private addScanned(): void {
    const { apf, settings } = this;
    const place = settings.getPlace('RAB_PSCAN_LEVEL');
    for (const { words, family } of this.matchResolvers('s').filter((resolver) =>
      settings.families.includes(resolver.family),
    ))
      apf.addRule('RABPSCAN', `${words} -j RETURN`, place, [family]);
    for (const port of SCANNED_PORTS.slice(0, Number(settings.getText('RAB_PSCAN_LEVEL'))).flat())
      for (const protocol of ['tcp', 'udp'])
        apf.addRule(
          'RABPSCAN',
          `-p ${protocol} --dport ${port} -m recent --update -j $${protocol.toUpperCase()}_STOP`,
          place,
        );
    apf.addRule('INPUT', '-j RABPSCAN', place);
  }

  /**
   * Adds the rules of resolvers: queries to them go out. Other sources with port 53 are kept from ports that later
   * rules open.
   */
  private addResolvers(): void {
    const { apf, settings } = this;
    const resolverMatches = this.matchResolvers('d');
    for (const { words, family, by } of resolverMatches.filter((resolver) =>
      settings.families.includes(resolver.family),
    ))
      for (const protocol of ['udp', 'tcp'])
        apf.addRule('OUTPUT', `-p ${protocol} ${words} --dport 53 --sport 1024:65535 -j ACCEPT`, by, [family]);
    if (resolverMatches.length === 0 || !settings.isOn('RESV_DNS_DROP')) return;
    for (const family of settings.families) {
      const unknownResolver = resolverMatches.find(
        (resolver) => resolver.family === family && resolver.words.startsWith('-m set'),
      );
      for (const protocol of ['tcp', 'udp'])
        apf.addRule(
          'INPUT',
          `-p ${protocol} ${unknownResolver?.words.replace(/dst$/, 'src') ?? ''} --sport 53 --dport 1024:65535 -j $ALL_STOP`,
          settings.getPlace('RESV_DNS_DROP'),
          [family],
        );
    }
  }

  private matchResolvers(
    side: 's' | 'd',
  ): readonly { readonly words: string; readonly family: Family; readonly by: SourceLocation }[] {
    const { apf, files, settings } = this;
    const lines = files.findLines('/etc/resolv.conf');
    const place = settings.getPlace('RESV_DNS');
    if (!lines)
      return settings.families.map((family) => ({
        family,
        by: place,
        words: `${apf.addUnknownSet('/etc/resolv.conf', 'resolvers that are not in the text', family)} ${side === 's' ? 'src' : 'dst'}`,
      }));
    return lines
      .filter(({ text }) => !text.includes('#') && /(?<!\w)nameserver(?!\w)/.test(text))
      .map((line) => ({ by: line, address: line.text.trim().split(/[ \t]+/)[1] ?? '' }))
      .filter(({ address }) => address !== '' && !/127.0.0.1/.test(address))
      .map(({ by: line, address }) => ({ words: `-${side} ${address}`, family: detectFamily(address), by: line }));
  }
}

const detectFamily = (address: string): Family => (address.includes(':') ? 'ip6' : 'ip');
