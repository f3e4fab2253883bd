import { Family } from '../../../net/address';
import { integer } from '../../../parse/netfilter/integers';
import { Place } from '../../../parse/printed-files';
import { AtLine } from '../../../parse/xtables/made';
import { Files, split, trimmed } from './files';

/** Perl's truth. */
const isTrue = (text: string): boolean => text !== '' && text !== '0';

/** Of 32 bits. */
const unsigned = (text: string): number | undefined => {
  const value = integer(text.replace(/^\s*\+?/, ''));
  return value !== undefined && value >= 0 && value < 2 ** 32 ? value : undefined;
};

/** For more the kernel has no memory on servers of any size that matters here. */
const MOST_BUCKETS = 2 ** 24;

/** What csf.conf says. A name that isn't there counts as empty. Source: ConfigServer/Config.pm of csf 15.10. */
export class Settings {
  /** Why csf leaves, or takes away, all rules: then everything is open. */
  readonly stops: AtLine[] = [];
  private readonly said = new Map<string, Place & { readonly value: string }>();
  private readonly start: Place;

  constructor(files: Files) {
    this.start = { line: files.all.get('/etc/csf/csf.conf')!.line, text: 'csf.conf' };
    for (const { line, text } of files.linesOf('/etc/csf/csf.conf')!) {
      const written = trimmed(text);
      if (written.startsWith('#') || !written.includes('=')) continue;
      const [, name = '', rest = ''] = /^([^=]*)=(.*)$/s.exec(written)!;
      const key = split(name).join('');
      const value = /"(.*)"/s.exec(rest)?.[1];
      if (value === undefined)
        this.stops.push({ line, what: 'a setting has no value in double quotes: csf does not start.' });
      else if (this.said.has(key)) this.stops.push({ line, what: `${key} is there twice: csf does not start.` });
      else this.said.set(key, { line, text: written, value });
    }
    if (!this.said.has('IPTABLES'))
      this.stops.push({
        ...this.start,
        what: 'csf.conf begins here, and no line of it says IPTABLES: csf does not start.',
      });
    else if (this.text('IPTABLES') === '')
      this.stops.push({ ...this.at('IPTABLES'), what: 'IPTABLES names no program: csf does not start.' });
  }

  text(key: string): string {
    return this.said.get(key)?.value ?? '';
  }

  at(key: string): Place {
    return this.said.get(key) ?? this.start;
  }

  isOn(key: string): boolean {
    if (key === 'MESSENGER' && ['HTML', 'TEXT'].some((kind) => this.hasTooMany(`MESSENGER_${kind}_IN`))) return false;
    if (key === 'DROP_IP_LOGGING' && this.isOn('PS_INTERVAL')) return false;
    return isTrue(this.text(key));
  }

  /** More ports than one rule takes: csf goes without its messenger then. */
  hasTooMany(key: string): boolean {
    return this.text(key).replace(/,+$/, '').split(',').length > 15;
  }

  /** How many members ipset's sets have at most; undefined where it makes no set of what the settings say. */
  get mostMembers(): number | undefined {
    const [size, most] = [
      ['LF_IPSET_HASHSIZE', '1024'],
      ['LF_IPSET_MAXELEM', '65536'],
    ].map(([key = '', otherwise = '']) => unsigned(this.isOn(key) ? this.text(key) : otherwise));
    return size === undefined || size > MOST_BUCKETS ? undefined : most;
  }

  /** The members of a list that blanks may stand in, but for empty ones. */
  listed(key: string): readonly string[] {
    return split(this.text(key))
      .join('')
      .split(',')
      .filter((one) => one !== '');
  }

  /** Countries, and networks by their number. */
  countries(key: string): readonly string[] {
    return this.listed(key)
      .filter((one) => /^([a-z]{2}|as\d+)$/i.test(one))
      .map((one) => one.toLowerCase());
  }

  get ipv6(): boolean {
    return this.isOn('IPV6') && this.text('IP6TABLES') !== '';
  }

  /** Rules are loaded many at once, and one that is refused is an error. */
  get faststart(): boolean {
    return (
      this.isOn('FASTSTART') &&
      this.text('IPTABLES_RESTORE') !== '' &&
      (!this.ipv6 || this.text('IP6TABLES_RESTORE') !== '')
    );
  }

  /** Whether a family's filter knows connections. */
  knows(family: Family): boolean {
    return this.isOn(family === 'ip' ? 'LF_SPI' : 'IPV6_SPI');
  }

  /** A rule with what settings say in it: `$DROP`, and the words of LOGGED. */
  filled(words: string): string {
    return words.replace(/\$([\w-]+)/g, (_, key: string) => this.word(key));
  }

  private word(key: string): string {
    const [setting, chain, otherwise] = LOGGED.get(key) ?? [];
    if (setting !== undefined) return this.isOn(setting) ? chain! : this.word(otherwise!);
    if (key === 'SMTP_PORTS') return this.listed(key).join();
    // Where iptables doesn't take the target, csf takes DROP.
    const isTaken =
      key !== 'DROP_OUT' ||
      /^(ACCEPT|DROP|RETURN|REJECT( +--reject-with +icmp-[a-z-]+)?)$/.test(trimmed(this.text(key)));
    return isTaken ? this.text(key) : 'DROP';
  }
}

/** What drops, of whom a list keeps out and of anybody: by which setting it is logged before, in which chain, and what it is otherwise. */
const LOGGED: ReadonlyMap<string, readonly [setting: string, chain: string, otherwise: string]> = new Map([
  ['in', ['DROP_LOGGING', 'LOGDROPIN', 'DROP']],
  ['out', ['DROP_LOGGING', 'LOGDROPOUT', 'DROP_OUT']],
  ['banned-in', ['DROP_IP_LOGGING', 'LOGDROPIN', 'DROP']],
  ['banned-out', ['DROP_OUT_LOGGING', 'LOGDROPOUT', 'DROP_OUT']],
]);
