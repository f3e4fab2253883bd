import { Family } from '../../../../net/address';
import { Place } from '../../../../parse/printed-files';
import { MadeRules } from '../../../../parse/xtables/made-rules';
import { SCANNED } from '../chains';
import { Files } from '../files';
import { OwnAddresses } from '../hosts';
import { Settings } from '../settings';
import { IDENT, addTypes, addWritten } from '../written';
import { TrustedHosts } from './hosts';
import { ASKED, BLOCKED, FIRST, LAST, OPENED, PEERS } from './written';

/** What 2.0.2 loads of its files, in its own order. Source: firewall_full_load in internals/apf_core.sh of v2.0.2. */
export class UpstreamChains {
  constructor(
    private readonly apf: MadeRules,
    private readonly settings: Settings,
    private readonly files: Files,
    private readonly own: OwnAddresses,
  ) {}

  build(): void {
    const { apf, settings, files } = this;
    for (const name of ['RESET', 'PROHIBIT', 'LMAC', 'SYNFLOOD', 'MCAST', 'RABPSCAN', 'SMTP_BLK']) apf.chain(name);
    addWritten(apf, settings, FIRST);
    for (const { address, family, by } of this.addressesIn('silent_ips.rules')) {
      apf.add('INPUT', `-d ${address} -j DROP`, by, [family]);
      apf.add('OUTPUT', `-s ${address} -j DROP`, by, [family]);
    }
    if (settings.isOn('BLK_MCATNET')) this.networks('BLK_MCATNET', 'multicast');
    if (settings.isOn('BLK_PRVNET')) this.networks('BLK_PRVNET', 'private');
    if (settings.isOn('BLK_RESNET')) this.networks('BLK_RESNET', 'reserved', settings.isOn('DLIST_RESERVED'));
    for (const name of ['TALLOW', 'TDENY']) {
      apf.chain(name, 'INPUT', 'OUTPUT');
      apf.chain(`${name}-out`, 'OUTPUT');
    }
    new TrustedHosts(apf, settings, files, this.own).load();
    addWritten(apf, settings, BLOCKED);
    if (!`,${settings.text('IG_TCP_CPORTS')},`.includes(',113,')) addWritten(apf, settings, IDENT);
    addWritten(apf, settings, PEERS);
    if (settings.isOn('RAB')) this.scanned();
    addWritten(apf, settings, OPENED);
    addTypes(apf, settings);
    addWritten(apf, settings, ASKED);
    if (settings.isOn('RESV_DNS')) this.resolvers();
    addWritten(apf, settings, LAST);
  }

  /** `fetched`: each start asks for other ones. */
  private networks(key: string, name: string, fetched = false): void {
    const { apf, files, settings } = this;
    const file = `internals/${name}.networks`;
    const by = settings.at(key);
    if (fetched || !files.of(file))
      for (const family of settings.families) {
        const unclear = apf.untold(
          file,
          fetched ? 'networks that each start fetches' : 'networks that are not in the text',
          family,
        );
        apf.add('INPUT', `${unclear} src -j $ALL_STOP`, by, [family]);
        apf.add('OUTPUT', `${unclear} dst -j $ALL_STOP`, by, [family]);
      }
    else
      for (const { address, family, by: one } of this.addressesIn(file)) {
        apf.add('INPUT', `-s ${address} -j $ALL_STOP`, one, [family]);
        apf.add('OUTPUT', `-d ${address} -j $ALL_STOP`, one, [family]);
      }
  }

  /** Whole lines, but for a remark of silent_ips.rules; of networks one that doesn't end is lost. */
  private addressesIn(
    file: string,
  ): readonly { readonly address: string; readonly family: Family; readonly by: Place }[] {
    const { apf, files, settings } = this;
    const lines = files.linesOf(file) ?? [];
    const isSilent = file === 'silent_ips.rules';
    const last = lines.at(-1);
    if (last && !isSilent && !files.of(file)!.text.endsWith('\n'))
      apf.doubt(last, 'a last line without an end is read in vain');
    return lines
      .map((by) => ({
        by,
        address: isSilent ? by.text.replace(/#.*/s, '').replaceAll(' ', '') : by.text.replace(/^#.*/s, ''),
      }))
      .filter(({ address }) => address !== '')
      .map(({ by, address }) => ({ by, address, family: familyIn(address) }))
      .filter(({ family }) => settings.families.includes(family));
  }

  /** Whoever asks such a port is kept out for a while, unless the kernel has no list for that; resolvers never are. */
  private scanned(): void {
    const { apf, settings } = this;
    const by = settings.at('RAB_PSCAN_LEVEL');
    for (const { words, family } of this.resolversAs('s').filter((one) => settings.families.includes(one.family)))
      apf.add('RABPSCAN', `${words} -j RETURN`, by, [family]);
    for (const port of SCANNED.slice(0, Number(settings.text('RAB_PSCAN_LEVEL'))).flat())
      for (const protocol of ['tcp', 'udp'])
        apf.add('RABPSCAN', `-p ${protocol} --dport ${port} -m recent --update -j $${protocol.toUpperCase()}_STOP`, by);
    apf.add('INPUT', '-j RABPSCAN', by);
  }

  /** What answers them goes out. Others that send from port 53 are kept from what is opened behind ports. */
  private resolvers(): void {
    const { apf, settings } = this;
    const all = this.resolversAs('d');
    for (const { words, family, by } of all.filter((one) => settings.families.includes(one.family)))
      for (const protocol of ['udp', 'tcp'])
        apf.add('OUTPUT', `-p ${protocol} ${words} --dport 53 --sport 1024:65535 -j ACCEPT`, by, [family]);
    if (all.length === 0 || !settings.isOn('RESV_DNS_DROP')) return;
    for (const family of settings.families) {
      const untold = all.find((one) => one.family === family && one.words.startsWith('-m set'));
      for (const protocol of ['tcp', 'udp'])
        apf.add(
          'INPUT',
          `-p ${protocol} ${untold?.words.replace(/dst$/, 'src') ?? ''} --sport 53 --dport 1024:65535 -j $ALL_STOP`,
          settings.at('RESV_DNS_DROP'),
          [family],
        );
    }
  }

  private resolversAs(
    side: 's' | 'd',
  ): readonly { readonly words: string; readonly family: Family; readonly by: Place }[] {
    const { apf, files, settings } = this;
    const lines = files.linesOf('/etc/resolv.conf');
    const by = settings.at('RESV_DNS');
    if (!lines)
      return settings.families.map((family) => ({
        family,
        by,
        words: `${apf.untold('/etc/resolv.conf', 'resolvers that are not in the text', family)} ${side === 's' ? 'src' : 'dst'}`,
      }));
    return lines
      .filter(({ text }) => !text.includes('#') && /(?<!\w)nameserver(?!\w)/.test(text))
      .map((one) => ({ by: one, address: one.text.trim().split(/[ \t]+/)[1] ?? '' }))
      .filter(({ address }) => address !== '' && !/127.0.0.1/.test(address))
      .map(({ by: one, address }) => ({ words: `-${side} ${address}`, family: familyIn(address), by: one }));
  }
}

const familyIn = (address: string): Family => (address.includes(':') ? 'ip6' : 'ip');
