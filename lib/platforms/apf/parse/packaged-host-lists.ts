// Lowers allow_hosts.rules and deny_hosts.rules to iptables rules as APF 9.7 loads them: a line becomes up to three
// rules. `upstream/upstream-host-lists.ts` does so for APF 2.0.2.

import { SourceLocation } from '../../../parse/printed-files';
import { CommandRulesBuilder } from '../../../parse/xtables/command-rules-builder';
import { ApfFiles } from './apf-files';
import { ApfSettings } from './apf-settings';

/** The form of allow_hosts.rules or deny_hosts.rules. */
interface ApfHostList {
  readonly file: string;
  readonly chain: string;
  /** Targets by protocol: a line without a protocol uses all of them. */
  readonly targets: Readonly<Record<string, string>>;
  /** Target of lines that name addresses alone. */
  readonly all: string;
}

const ALLOW_LIST: ApfHostList = {
  file: 'allow_hosts.rules',
  chain: 'TALLOW',
  targets: { tcp: 'ACCEPT' },
  all: 'ACCEPT',
};
const DENY_LIST: ApfHostList = {
  file: 'deny_hosts.rules',
  chain: 'TDENY',
  targets: { tcp: '$TCP_STOP', udp: '$UDP_STOP' },
  all: '$ALL_STOP',
};

/** The server's own addresses that APF leaves out of its lists; undefined if they aren't known. */
export type OwnAddresses = readonly string[] | undefined;

/**
 * Adds the rules of allow and deny lists, each line in up to three ways. Source: allow_hosts and deny_hosts in
 * internals/functions.apf of 9.7.
 */
export class HostLists {
  constructor(
    private readonly apf: CommandRulesBuilder,
    private readonly settings: ApfSettings,
    private readonly files: ApfFiles,
    private readonly ownAddresses: OwnAddresses,
  ) {}

  addAllowed(): void {
    this.loadList(ALLOW_LIST, this.files.findLines(ALLOW_LIST.file)!);
  }

  /** Adds the deny list without its oldest lines, if there are more than SET_TRIM. */
  addDenied(): void {
    this.loadList(DENY_LIST, trimLines(this.files.findLines(DENY_LIST.file) ?? [], this.settings.getText('SET_TRIM')));
  }

  private loadList(list: ApfHostList, lines: readonly SourceLocation[]): void {
    const { apf } = this;
    const odd = lines.find(({ text }) => /[\0\ufffd]/.test(text));
    if (odd) apf.noteUnknown(odd, `grep prints nothing of ${list.file} where it isn't text`);
    for (const place of lines) {
      if (/^[ \t]*[^# \t].*#/.test(place.text)) apf.noteSkipped(place, 'APF leaves out a line with a # in it.');
      else if (/:/.test(place.text) !== /=/.test(place.text) && !place.text.includes('#'))
        apf.noteSkipped(place, 'APF reads nothing of a line like this.');
    }
    const read = lines.filter(({ text }) => !text.includes('#'));
    const advanced = read.filter(({ text }) => text.includes(':') && text.includes('='));
    const unnamed = advanced.filter(({ text }) => !/tcp|udp/.test(text));
    const bare = unnamed.filter(({ text }) => !/(?<!\w)(in|out)(?!\w)/.test(text));
    for (const { by: place, word } of this.walkWords(read.filter(({ text }) => !/[:=]/.test(text))))
      this.addPlainHost(list, place, word);
    for (const { by: place, word } of this.walkWords(bare)) this.addForProtocols(list, place, splitFields(word));
    for (const { by: place, word } of this.walkWords(unnamed))
      this.addForProtocols(list, place, splitFields(word).slice(1));
    for (const { by: place, word } of this.walkWords(advanced)) {
      const [protocol = '', , ...fields] = splitFields(word);
      const target = Object.hasOwn(list.targets, protocol)
        ? list.targets[protocol]!
        : list === ALLOW_LIST
          ? 'ACCEPT'
          : undefined;
      if (target !== undefined) this.addRule(list, place, protocol, fields, target);
    }
  }

  private *walkWords(
    lines: readonly SourceLocation[],
  ): Generator<{ readonly by: SourceLocation; readonly word: string }> {
    for (const place of lines)
      for (const word of place.text.split(/[ \t]+/))
        if (/[*?[\\]/.test(word)) this.apf.noteUnknown(place, 'a shell may put names of files in its place');
        else if (word !== '') yield { by: place, word };
  }

  /** Adds a rule that passes everything to and from an address, or nothing. */
  private addPlainHost({ chain, all: target }: ApfHostList, place: SourceLocation, word: string): void {
    const { apf, ownAddresses } = this;
    // grep takes a dot for any character.
    const ownForm = word.length < 16 && new RegExp(`(?<!\\w)${word.replace(/[^\w.]/g, '\\$&')}(?!\\w)`);
    if (ownForm && ownAddresses?.some((ownAddress) => ownForm.test(ownAddress)))
      return apf.noteSkipped(place, 'APF leaves out what is an address of its own.');
    if (/^[\d.]+-[\d.]+$/.test(word)) return apf.noteSkipped(place, 'iptables takes no such range.');
    const address = normalizeAddress(word);
    apf.addRule(chain, `-s ${address} -j ${target}`, place);
    // If the own addresses aren't known, a single address counts as another host's: no incoming packet has it as
    // destination.
    const isAlone = ownAddresses === undefined && /^[\d.]+(\/32)?$/.test(word);
    apf.addRule(isAlone ? `${chain}-out` : chain, `-d ${address} -j ${target}`, place);
  }

  private addForProtocols(list: ApfHostList, place: SourceLocation, fields: readonly string[]): void {
    for (const [protocol, target] of Object.entries(list.targets)) this.addRule(list, place, protocol, fields, target);
  }

  private addRule(
    { chain }: ApfHostList,
    place: SourceLocation,
    protocol: string,
    fields: readonly string[],
    target: string,
  ): void {
    const { apf } = this;
    const [side = '', port = '', end = '', address = ''] = fields;
    if (address === '') return;
    if (/^(icmp|all|esp|ah|gre)$/i.test(protocol))
      return apf.noteSkipped(place, 'iptables knows no ports of that protocol.');
    const option = side === 's' ? 'sport' : side === 'd' ? 'dport' : side;
    // No option of iptables has digits or dots in its name, and after -4 and -6 it takes no address.
    if (/[\d.]/.test(option) || /[\d.]/.test(end)) return;
    const [first = '', last = ''] = port.split('_').filter((part) => part !== '');
    const range = port.includes('_') ? `${first}:${last}` : port;
    apf.addRule(
      chain,
      `-p ${protocol.toLowerCase()} -${end} ${normalizeAddress(address)} --${option} ${range} -j ${target}`,
      place,
    );
  }
}

const splitFields = (word: string): readonly string[] => word.split(/[:=]+/).filter((part) => part !== '');

/**
 * Returns an address like iptables reads it: one number above 255 is all 32 bits, `2001` means 0.0.7.209; in other
 * forms missing parts are 0.
 */
function normalizeAddress(word: string): string {
  const [, bits = '', length = ''] = /^((?:0|[1-9]\d{0,9})(?:\.(?:0|[1-9]\d{0,2})){0,2})(\/.*)?$/.exec(word) ?? [];
  const value = Number(bits);
  if (bits === '' || value >= 2 ** 32) return word;
  const parts =
    value > 255
      ? [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256)
      : [...bits.split('.'), 0, 0, 0].slice(0, 4);
  return parts.join('.') + length;
}

/**
 * Returns the last lines of a list: as many as the limit, and some more for remarks. Source: trim in
 * internals/functions.apf of 9.7.
 */
function trimLines(lines: readonly SourceLocation[], limit: string): readonly SourceLocation[] {
  const maxCount = /^\d{1,9}$/.test(limit) ? Number(limit) : 0;
  const isRemark = ({ text }: SourceLocation): boolean => text.includes('#');
  if (maxCount === 0 || lines.filter((line) => !isRemark(line)).length <= maxCount) return lines;
  const keptCount = lines.slice(-50).filter(isRemark).length + maxCount;
  const [first] = lines.slice(-keptCount);
  return lines.slice(-(first && isRemark(first) ? keptCount : keptCount + 1));
}
