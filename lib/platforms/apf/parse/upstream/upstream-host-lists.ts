// Adds the iptables rules of allow_hosts.rules and deny_hosts.rules as APF 2.0.2 (upstream) loads them;
// `../packaged-host-lists.ts` does the same for 9.7.

import { FAMILY_NAME, Family, getFamily } from '../../../../net/address';
import { parseAddressRange } from '../../../../parse/netfilter/parse-values';
import { SourceLocation } from '../../../../parse/printed-files';
import { CommandRule, CommandRulesBuilder } from '../../../../parse/xtables/command-rules-builder';
import { ApfFiles } from '../apf-files';
import { OwnAddresses } from '../packaged-host-lists';
import { ApfSettings } from '../apf-settings';

interface TrustList {
  readonly file: string;
  readonly chain: string;
  readonly targets: { readonly tcp: string; readonly udp: string; readonly all: string };
}

const ALLOW_LIST: TrustList = {
  file: 'allow_hosts.rules',
  chain: 'TALLOW',
  targets: { tcp: 'ACCEPT', udp: 'ACCEPT', all: 'ACCEPT' },
};
const DENY_LIST: TrustList = {
  file: 'deny_hosts.rules',
  chain: 'TDENY',
  targets: { tcp: '$TCP_STOP', udp: '$UDP_STOP', all: '$ALL_STOP' },
};

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/;
const IPV6 = /^[\da-f]{0,4}(:[\da-f]{0,4}){2,7}(\/\d{1,3})?$/i;
const LABEL = '[a-z\\d]([a-z\\d-]*[a-z\\d])?';
/** A name that APF looks up; an incomplete address is one, too. */
const HOST_NAME = new RegExp(`^(?!\\d{1,3}(\\.\\d{1,3}){3}$)${LABEL}(\\.${LABEL})+$`, 'i');

/** Returns whether APF takes a word for an address, a network or a name. */
function isHost(word: string): boolean {
  const [, mask = '0'] = word.split('/');
  if (IPV4.test(word)) return Number(mask) <= 32 && word.split(/[./]/, 4).every((part) => Number(part) <= 255);
  return IPV6.test(word) ? Number(mask) <= 128 : HOST_NAME.test(word);
}

/**
 * APF loads all rules of a list and family at once, or none. Source: trust_hosts in internals/apf_trust.sh of v2.0.2.
 */
export class TrustedHosts {
  constructor(
    private readonly apf: CommandRulesBuilder,
    private readonly settings: ApfSettings,
    private readonly files: ApfFiles,
    private readonly ownAddresses: OwnAddresses,
  ) {}

  load(): void {
    this.loadList(DENY_LIST);
    this.loadList(ALLOW_LIST);
  }

  private loadList(list: TrustList): void {
    const { apf, settings } = this;
    const lines = (this.files.findLines(list.file) ?? []).filter(({ text }) => !text.startsWith('#') && text !== '');
    const odd = lines.find(({ text }) => /[\0\ufffd]/.test(text));
    if (odd) apf.noteUnknown(odd, `grep prints nothing of ${list.file} where it isn't text`);
    const limit = settings.getText('SET_TRIM');
    if (list === DENY_LIST && /^0*[1-9]\d*$/.test(limit) && lines.length > Number(limit))
      apf.noteUnknown(
        settings.getPlace('SET_TRIM'),
        `${list.file} has more lines than SET_TRIM, and how many of them APF keeps is not known`,
      );
    const rules = lines.filter(({ text }) => /\S/.test(text)).flatMap((place) => this.parseLine(list, place));
    for (const family of settings.families) {
      const familyRules = rules.filter((rule) => rule.family === family);
      const refused = apf.addRulesAtOnce(familyRules, family);
      if (refused)
        apf.noteSkipped(
          refused,
          `iptables refuses it, and APF with it all lines of ${list.file} for ${FAMILY_NAME[family]}.`,
        );
    }
  }

  private parseLine(list: TrustList, place: SourceLocation): readonly FamilyRule[] {
    if (place.text.includes('=')) return this.createPortRules(list, place);
    return isHost(place.text)
      ? this.createHostRules(list, place)
      : this.skipLine(place, 'APF reads nothing of a line like this.');
  }

  private createHostRules({ chain, targets }: TrustList, place: SourceLocation): readonly FamilyRule[] {
    const { ownAddresses } = this;
    if (ownAddresses?.includes(place.text))
      return this.skipLine(place, 'APF leaves out what is an address of its own.');
    // If the own addresses aren't known, a single address counts as another host's: no incoming packet has it as
    // destination.
    const isAlone =
      ownAddresses === undefined && !HOST_NAME.test(place.text) && /^[^/]*(\/32|\/128)?$/.test(place.text);
    return this.findFamilies(place.text, place).flatMap((family) => [
      { family, location: place, chain, words: `${this.renderPeer('s', place.text, family)} -j ${targets.all}` },
      {
        family,
        location: place,
        chain: isAlone ? `${chain}-out` : chain,
        words: `${this.renderPeer('d', place.text, family)} -j ${targets.all}`,
      },
    ]);
  }

  /** Parses `tcp:in:d=22:s=192.0.2.1`: the last four to six parts between colons and equal signs. */
  private createPortRules({ chain, targets }: TrustList, place: SourceLocation): readonly FamilyRule[] {
    const inBrackets = place.text.replace(/\[([^\]]*)\]/, (_, address: string) => address.replaceAll(':', '@'));
    const fields = inBrackets.replace(/[:=]$/, '').split(/[:=]/);
    if (fields.length < 4 || fields.length > 6) return this.skipLine(place, 'APF reads nothing of a line like this.');
    const [protocol = '', way = '', side = '', port = '', end = '', behind = ''] = [
      ...Array<string>(6 - fields.length).fill(''),
      ...fields,
    ];
    const address = behind.replaceAll('@', ':');
    const isLocal = (end === 's' && way === 'in') || (end === 'd' && way === 'out');
    if (targets === ALLOW_LIST.targets && isLocal && this.ownAddresses?.includes(address))
      return this.skipLine(place, 'APF leaves out what is an address of its own.');
    const ports = `${side === 's' ? '--sports' : '--dports'} ${port.replaceAll('_', ':')}`;
    return this.findFamilies(address, place).flatMap((family) =>
      (protocol === '' ? ['tcp', 'udp'] : [protocol]).map((name) => ({
        family,
        location: place,
        chain,
        words: / #/.test(behind)
          ? undefined
          : `-p ${name.toLowerCase()} -m multiport ${this.renderPeer(end, address, family)} ${ports} -j ${name === 'tcp' ? targets.tcp : targets.udp}`,
      })),
    );
  }

  private skipLine(place: SourceLocation, what: string): readonly FamilyRule[] {
    this.apf.noteSkipped(place, what);
    return [];
  }

  /** Returns the families of an address; a name may have addresses of both. */
  private findFamilies(address: string, place: SourceLocation): readonly Family[] {
    const { families } = this.settings;
    if (HOST_NAME.test(address)) return families;
    const range = parseAddressRange(address.replace(/ #.*/s, ''));
    const family = address.includes(':') ? 'ip6' : 'ip';
    if (!families.includes(family)) this.apf.noteSkipped(place, 'APF reads no address of IPv6 where USE_IPV6 is off.');
    else if (range && getFamily(range.first) === family) return [family];
    else this.apf.noteUnknown(place, 'whether iptables takes this address is not known');
    return [];
  }

  private renderPeer(end: string, address: string, family: Family): string {
    const isNamed = HOST_NAME.test(address) && /^[sd]$/.test(end);
    return isNamed
      ? `${this.apf.addUnknownSet(address, 'addresses of a name', family)} ${end === 's' ? 'src' : 'dst'}`
      : `-${end} ${address}`;
  }
}

interface FamilyRule extends CommandRule {
  readonly family: Family;
}
