// Parses csf.conf into csf's settings, in the way csf does. Notes the lines that keep csf from starting: then
// everything is open.

import { Family } from '../../../net/address';
import { parseInteger } from '../../../parse/netfilter/parse-integers';
import { SourceLocation } from '../../../parse/printed-files';
import { LineNote } from '../../../parse/xtables/load-notes';
import { CsfFiles, splitWords, trimBlanks } from './csf-files';

/** Returns Perl's truth of a text. */
const isPerlTrue = (text: string): boolean => text !== '' && text !== '0';

/** Returns an unsigned number of 32 bits. */
const parseUnsigned = (text: string): number | undefined => {
  const value = parseInteger(text.replace(/^\s*\+?/, ''));
  return value !== undefined && value >= 0 && value < 2 ** 32 ? value : undefined;
};

/** For a larger size the kernel lacks memory on servers of any relevant size. */
const MAX_BUCKETS = 2 ** 24;

/** The settings of csf.conf. A missing name counts as empty. Source: ConfigServer/Config.pm of csf 15.10. */
export class CsfSettings {
  /** Reasons why csf doesn't load its rules, or removes all of them: then everything is open. */
  readonly stops: LineNote[] = [];
  private readonly settings = new Map<string, SourceLocation & { readonly value: string }>();
  private readonly fallbackPlace: SourceLocation;

  constructor(files: CsfFiles) {
    this.fallbackPlace = { line: files.files.get('/etc/csf/csf.conf')!.line, text: 'csf.conf' };
    for (const { line, text } of files.findLines('/etc/csf/csf.conf')!) {
      const written = trimBlanks(text);
      if (written.startsWith('#') || !written.includes('=')) continue;
      const [, name = '', rest = ''] = /^([^=]*)=(.*)$/s.exec(written)!;
      const key = splitWords(name).join('');
      const value = /"(.*)"/s.exec(rest)?.[1];
      if (value === undefined)
        this.stops.push({ line, what: 'a setting has no value in double quotes: csf does not start.' });
      else if (this.settings.has(key)) this.stops.push({ line, what: `${key} is there twice: csf does not start.` });
      else this.settings.set(key, { line, text: written, value });
    }
    if (!this.settings.has('IPTABLES'))
      this.stops.push({
        ...this.fallbackPlace,
        what: 'csf.conf begins here, and no line of it says IPTABLES: csf does not start.',
      });
    else if (this.getText('IPTABLES') === '')
      this.stops.push({ ...this.getPlace('IPTABLES'), what: 'IPTABLES names no program: csf does not start.' });
  }

  getText(key: string): string {
    return this.settings.get(key)?.value ?? '';
  }

  getPlace(key: string): SourceLocation {
    return this.settings.get(key) ?? this.fallbackPlace;
  }

  isOn(key: string): boolean {
    if (key === 'MESSENGER' && ['HTML', 'TEXT'].some((kind) => this.hasTooMany(`MESSENGER_${kind}_IN`))) return false;
    if (key === 'DROP_IP_LOGGING' && this.isOn('PS_INTERVAL')) return false;
    return isPerlTrue(this.getText(key));
  }

  /** Returns whether a setting has more ports than one rule takes: csf then runs without its messenger. */
  hasTooMany(key: string): boolean {
    return this.getText(key).replace(/,+$/, '').split(',').length > 15;
  }

  /** Maximal number of members of ipset's sets; undefined if ipset makes no set with these settings. */
  get maxMembers(): number | undefined {
    const [size, most] = [
      ['LF_IPSET_HASHSIZE', '1024'],
      ['LF_IPSET_MAXELEM', '65536'],
    ].map(([key = '', otherwise = '']) => parseUnsigned(this.isOn(key) ? this.getText(key) : otherwise));
    return size === undefined || size > MAX_BUCKETS ? undefined : most;
  }

  /** Returns the members of a list, without blanks and empty members. */
  list(key: string): readonly string[] {
    return splitWords(this.getText(key))
      .join('')
      .split(',')
      .filter((item) => item !== '');
  }

  /** Returns the countries, and networks by their number, of a setting. */
  listCountries(key: string): readonly string[] {
    return this.list(key)
      .filter((item) => /^([a-z]{2}|as\d+)$/i.test(item))
      .map((item) => item.toLowerCase());
  }

  get hasIpv6(): boolean {
    return this.isOn('IPV6') && this.getText('IP6TABLES') !== '';
  }

  /** Whether csf loads many rules at once, so that a refused one is an error. */
  get isFaststart(): boolean {
    return (
      this.isOn('FASTSTART') &&
      this.getText('IPTABLES_RESTORE') !== '' &&
      (!this.hasIpv6 || this.getText('IP6TABLES_RESTORE') !== '')
    );
  }

  /** Returns whether a family's filter tracks connections. */
  tracksConnections(family: Family): boolean {
    return this.isOn(family === 'ip' ? 'LF_SPI' : 'IPV6_SPI');
  }

  /** Returns a rule with the values of settings: `$DROP`, and the words of LOGGED_TARGETS. */
  fill(words: string): string {
    return words.replace(/\$([\w-]+)/g, (_, key: string) => this.resolveWord(key));
  }

  private resolveWord(key: string): string {
    const [setting, chain, otherwise] = LOGGED_TARGETS.get(key) ?? [];
    if (setting !== undefined) return this.isOn(setting) ? chain! : this.resolveWord(otherwise!);
    if (key === 'SMTP_PORTS') return this.list(key).join();
    // csf uses DROP if iptables doesn't accept the target.
    const isTaken =
      key !== 'DROP_OUT' ||
      /^(ACCEPT|DROP|RETURN|REJECT( +--reject-with +icmp-[a-z-]+)?)$/.test(trimBlanks(this.getText(key)));
    return isTaken ? this.getText(key) : 'DROP';
  }
}

/**
 * Targets that drop, for banned sources and for all: the setting that logs first, the chain for that, and the target
 * without it.
 */
const LOGGED_TARGETS: ReadonlyMap<string, readonly [setting: string, chain: string, otherwise: string]> = new Map([
  ['in', ['DROP_LOGGING', 'LOGDROPIN', 'DROP']],
  ['out', ['DROP_LOGGING', 'LOGDROPOUT', 'DROP_OUT']],
  ['banned-in', ['DROP_IP_LOGGING', 'LOGDROPIN', 'DROP']],
  ['banned-out', ['DROP_OUT_LOGGING', 'LOGDROPOUT', 'DROP_OUT']],
]);
