import { Place } from '../../../parse/printed-files';
import { MadeRules } from '../../../parse/xtables/made-rules';
import { Files } from './files';
import { Settings } from './settings';

/** Of a word of allow_hosts.rules or deny_hosts.rules. */
interface List {
  readonly file: string;
  readonly chain: string;
  /** By protocol: for lines without one all of them. */
  readonly targets: Readonly<Record<string, string>>;
  /** For lines that name addresses alone. */
  readonly all: string;
}

const ALLOW: List = { file: 'allow_hosts.rules', chain: 'TALLOW', targets: { tcp: 'ACCEPT' }, all: 'ACCEPT' };
const DENY: List = {
  file: 'deny_hosts.rules',
  chain: 'TDENY',
  targets: { tcp: '$TCP_STOP', udp: '$UDP_STOP' },
  all: '$ALL_STOP',
};

/** The server's own addresses that APF leaves out of its lists; undefined where nobody told them. */
export type OwnAddresses = readonly string[] | undefined;

/** Whom its lists let in and keep out, each line in up to three ways. Source: allow_hosts and deny_hosts in internals/functions.apf of 9.7. */
export class Hosts {
  constructor(
    private readonly apf: MadeRules,
    private readonly settings: Settings,
    private readonly files: Files,
    private readonly own: OwnAddresses,
  ) {}

  allowed(): void {
    this.load(ALLOW, this.files.linesOf(ALLOW.file)!);
  }

  /** After the oldest lines are gone, where there are more than SET_TRIM. */
  denied(): void {
    this.load(DENY, trimmed(this.files.linesOf(DENY.file) ?? [], this.settings.text('SET_TRIM')));
  }

  private load(list: List, lines: readonly Place[]): void {
    const { apf } = this;
    const odd = lines.find(({ text }) => /[\0\ufffd]/.test(text));
    if (odd) apf.doubt(odd, `grep prints nothing of ${list.file} where it isn't text`);
    for (const by of lines) {
      if (/^[ \t]*[^# \t].*#/.test(by.text)) apf.skip(by, 'APF leaves out a line with a # in it.');
      else if (/:/.test(by.text) !== /=/.test(by.text) && !by.text.includes('#'))
        apf.skip(by, 'APF reads nothing of a line like this.');
    }
    const read = lines.filter(({ text }) => !text.includes('#'));
    const advanced = read.filter(({ text }) => text.includes(':') && text.includes('='));
    const unnamed = advanced.filter(({ text }) => !/tcp|udp/.test(text));
    const bare = unnamed.filter(({ text }) => !/(?<!\w)(in|out)(?!\w)/.test(text));
    for (const { by, word } of this.wordsOf(read.filter(({ text }) => !/[:=]/.test(text)))) this.plain(list, by, word);
    for (const { by, word } of this.wordsOf(bare)) this.forProtocols(list, by, fieldsOf(word));
    for (const { by, word } of this.wordsOf(unnamed)) this.forProtocols(list, by, fieldsOf(word).slice(1));
    for (const { by, word } of this.wordsOf(advanced)) {
      const [protocol = '', , ...fields] = fieldsOf(word);
      const target = Object.hasOwn(list.targets, protocol)
        ? list.targets[protocol]!
        : list === ALLOW
          ? 'ACCEPT'
          : undefined;
      if (target !== undefined) this.rule(list, by, protocol, fields, target);
    }
  }

  private *wordsOf(lines: readonly Place[]): Generator<{ readonly by: Place; readonly word: string }> {
    for (const by of lines)
      for (const word of by.text.split(/[ \t]+/))
        if (/[*?[\\]/.test(word)) this.apf.doubt(by, 'a shell may put names of files in its place');
        else if (word !== '') yield { by, word };
  }

  /** An address to and from which everything passes, or nothing. */
  private plain({ chain, all }: List, by: Place, word: string): void {
    const { apf, own } = this;
    // grep takes a dot for any letter.
    const asOwn = word.length < 16 && new RegExp(`(?<!\\w)${word.replace(/[^\w.]/g, '\\$&')}(?!\\w)`);
    if (asOwn && own?.some((one) => asOwn.test(one)))
      return apf.skip(by, 'APF leaves out what is an address of its own.');
    if (/^[\d.]+-[\d.]+$/.test(word)) return apf.skip(by, 'iptables takes no such range.');
    const address = addressOf(word);
    apf.add(chain, `-s ${address} -j ${all}`, by);
    // Where nobody told its own addresses, a single one is somebody else's: nothing that comes in is for it.
    const isAlone = own === undefined && /^[\d.]+(\/32)?$/.test(word);
    apf.add(isAlone ? `${chain}-out` : chain, `-d ${address} -j ${all}`, by);
  }

  private forProtocols(list: List, by: Place, fields: readonly string[]): void {
    for (const [protocol, target] of Object.entries(list.targets)) this.rule(list, by, protocol, fields, target);
  }

  private rule({ chain }: List, by: Place, protocol: string, fields: readonly string[], target: string): void {
    const { apf } = this;
    const [side = '', port = '', end = '', address = ''] = fields;
    if (address === '') return;
    if (/^(icmp|all|esp|ah|gre)$/i.test(protocol)) return apf.skip(by, 'iptables knows no ports of that protocol.');
    const option = side === 's' ? 'sport' : side === 'd' ? 'dport' : side;
    // No option of iptables has digits or dots in its name, and behind -4 and -6 it takes no address.
    if (/[\d.]/.test(option) || /[\d.]/.test(end)) return;
    const [first = '', last = ''] = port.split('_').filter((one) => one !== '');
    const range = port.includes('_') ? `${first}:${last}` : port;
    apf.add(chain, `-p ${protocol.toLowerCase()} -${end} ${addressOf(address)} --${option} ${range} -j ${target}`, by);
  }
}

const fieldsOf = (word: string): readonly string[] => word.split(/[:=]+/).filter((one) => one !== '');

/** iptables takes one number above 255 for all 32 bits, `2001` for 0.0.7.209; of others what is missing is 0. */
function addressOf(word: string): string {
  const [, bits = '', length = ''] = /^((?:0|[1-9]\d{0,9})(?:\.(?:0|[1-9]\d{0,2})){0,2})(\/.*)?$/.exec(word) ?? [];
  const value = Number(bits);
  if (bits === '' || value >= 2 ** 32) return word;
  const parts =
    value > 255
      ? [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256)
      : [...bits.split('.'), 0, 0, 0].slice(0, 4);
  return parts.join('.') + length;
}

/** Its last lines: as many as that and some more for remarks. Source: trim in internals/functions.apf of 9.7. */
function trimmed(lines: readonly Place[], most: string): readonly Place[] {
  const wanted = /^\d{1,9}$/.test(most) ? Number(most) : 0;
  const isRemark = ({ text }: Place): boolean => text.includes('#');
  if (wanted === 0 || lines.filter((one) => !isRemark(one)).length <= wanted) return lines;
  const kept = lines.slice(-50).filter(isRemark).length + wanted;
  const [first] = lines.slice(-kept);
  return lines.slice(-(first && isRemark(first) ? kept : kept + 1));
}
