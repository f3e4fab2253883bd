import { FAMILY_NAME, Family, familyOf } from '../../../../net/address';
import { addressRange } from '../../../../parse/netfilter/values';
import { Place } from '../../../../parse/printed-files';
import { MadeRule, MadeRules } from '../../../../parse/xtables/made-rules';
import { Files } from '../files';
import { OwnAddresses } from '../hosts';
import { Settings } from '../settings';

interface List {
  readonly file: string;
  readonly chain: string;
  readonly targets: { readonly tcp: string; readonly udp: string; readonly all: string };
}

const ALLOW: List = {
  file: 'allow_hosts.rules',
  chain: 'TALLOW',
  targets: { tcp: 'ACCEPT', udp: 'ACCEPT', all: 'ACCEPT' },
};
const DENY: List = {
  file: 'deny_hosts.rules',
  chain: 'TDENY',
  targets: { tcp: '$TCP_STOP', udp: '$UDP_STOP', all: '$ALL_STOP' },
};

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/;
const IPV6 = /^[\da-f]{0,4}(:[\da-f]{0,4}){2,7}(\/\d{1,3})?$/i;
const LABEL = '[a-z\\d]([a-z\\d-]*[a-z\\d])?';
/** What APF looks up: an address that isn't whole, too. */
const NAMED = new RegExp(`^(?!\\d{1,3}(\\.\\d{1,3}){3}$)${LABEL}(\\.${LABEL})+$`, 'i');

/** What APF takes for an address, a network or a name. */
function isHost(word: string): boolean {
  const [, mask = '0'] = word.split('/');
  if (IPV4.test(word)) return Number(mask) <= 32 && word.split(/[./]/, 4).every((part) => Number(part) <= 255);
  return IPV6.test(word) ? Number(mask) <= 128 : NAMED.test(word);
}

/**
 * Whom the lists of 2.0.2 let in and keep out: of each list and family all rules are loaded at once, or none. Source: trust_hosts in
 * internals/apf_trust.sh of v2.0.2.
 */
export class TrustedHosts {
  constructor(
    private readonly apf: MadeRules,
    private readonly settings: Settings,
    private readonly files: Files,
    private readonly own: OwnAddresses,
  ) {}

  load(): void {
    this.list(DENY);
    this.list(ALLOW);
  }

  private list(list: List): void {
    const { apf, settings } = this;
    const lines = (this.files.linesOf(list.file) ?? []).filter(({ text }) => !text.startsWith('#') && text !== '');
    const odd = lines.find(({ text }) => /[\0\ufffd]/.test(text));
    if (odd) apf.doubt(odd, `grep prints nothing of ${list.file} where it isn't text`);
    const most = settings.text('SET_TRIM');
    if (list === DENY && /^0*[1-9]\d*$/.test(most) && lines.length > Number(most))
      apf.doubt(
        settings.at('SET_TRIM'),
        `${list.file} has more lines than SET_TRIM, and how many of them APF keeps is not known`,
      );
    const all = lines.filter(({ text }) => /\S/.test(text)).flatMap((by) => this.line(list, by));
    for (const family of settings.families) {
      const its = all.filter((one) => one.family === family);
      const refused = apf.addAtOnce(its, family);
      if (refused)
        apf.skip(refused, `iptables refuses it, and APF with it all lines of ${list.file} for ${FAMILY_NAME[family]}.`);
    }
  }

  private line(list: List, by: Place): readonly OfFamily[] {
    if (by.text.includes('=')) return this.forPorts(list, by);
    return isHost(by.text) ? this.whole(list, by) : this.skipped(by, 'APF reads nothing of a line like this.');
  }

  private whole({ chain, targets }: List, by: Place): readonly OfFamily[] {
    const { own } = this;
    if (own?.includes(by.text)) return this.skipped(by, 'APF leaves out what is an address of its own.');
    // Where nobody told its own addresses, a single one is somebody else's: nothing that comes in is for it.
    const isAlone = own === undefined && !NAMED.test(by.text) && /^[^/]*(\/32|\/128)?$/.test(by.text);
    return this.familiesOf(by.text, by).flatMap((family) => [
      { family, by, chain, words: `${this.peer('s', by.text, family)} -j ${targets.all}` },
      {
        family,
        by,
        chain: isAlone ? `${chain}-out` : chain,
        words: `${this.peer('d', by.text, family)} -j ${targets.all}`,
      },
    ]);
  }

  /** `tcp:in:d=22:s=192.0.2.1`: the last four to six of what stands between colons and equal signs. */
  private forPorts({ chain, targets }: List, by: Place): readonly OfFamily[] {
    const inBrackets = by.text.replace(/\[([^\]]*)\]/, (_, address: string) => address.replaceAll(':', '@'));
    const fields = inBrackets.replace(/[:=]$/, '').split(/[:=]/);
    if (fields.length < 4 || fields.length > 6) return this.skipped(by, 'APF reads nothing of a line like this.');
    const [protocol = '', way = '', side = '', port = '', end = '', behind = ''] = [
      ...Array<string>(6 - fields.length).fill(''),
      ...fields,
    ];
    const address = behind.replaceAll('@', ':');
    const isLocal = (end === 's' && way === 'in') || (end === 'd' && way === 'out');
    if (targets === ALLOW.targets && isLocal && this.own?.includes(address))
      return this.skipped(by, 'APF leaves out what is an address of its own.');
    const ports = `${side === 's' ? '--sports' : '--dports'} ${port.replaceAll('_', ':')}`;
    return this.familiesOf(address, by).flatMap((family) =>
      (protocol === '' ? ['tcp', 'udp'] : [protocol]).map((one) => ({
        family,
        by,
        chain,
        words: / #/.test(behind)
          ? undefined
          : `-p ${one.toLowerCase()} -m multiport ${this.peer(end, address, family)} ${ports} -j ${one === 'tcp' ? targets.tcp : targets.udp}`,
      })),
    );
  }

  private skipped(by: Place, what: string): readonly OfFamily[] {
    this.apf.skip(by, what);
    return [];
  }

  /** A name may have addresses of both. */
  private familiesOf(address: string, by: Place): readonly Family[] {
    const { families } = this.settings;
    if (NAMED.test(address)) return families;
    const range = addressRange(address.replace(/ #.*/s, ''));
    const family = address.includes(':') ? 'ip6' : 'ip';
    if (!families.includes(family)) this.apf.skip(by, 'APF reads no address of IPv6 where USE_IPV6 is off.');
    else if (range && familyOf(range.first) === family) return [family];
    else this.apf.doubt(by, 'whether iptables takes this address is not known');
    return [];
  }

  private peer(end: string, address: string, family: Family): string {
    const isNamed = NAMED.test(address) && /^[sd]$/.test(end);
    return isNamed
      ? `${this.apf.untold(address, 'addresses of a name', family)} ${end === 's' ? 'src' : 'dst'}`
      : `-${end} ${address}`;
  }
}

interface OfFamily extends MadeRule {
  readonly family: Family;
}
