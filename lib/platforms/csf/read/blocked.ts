import { Family } from '../../../net/address';
import { Place } from '../../../reading/printed-files';
import { Files, STATE } from './files';
import { Member, heldIn } from './held';
import { isPublic, kindOf } from './kinds';
import { setOf, wordsOf } from './lists';
import { Ruleset } from './ruleset';
import { Settings } from './settings';
import { OF_COUNTRIES, addWritten } from './written';

interface List {
  /** Below csf's state. */
  readonly file: string;
  /** Whose rules its members are in. */
  readonly family: Family;
  /** Of which family its set is, where ipset is used. */
  readonly set: Family;
  /** What csf gives to iptables or ipset, whether they take it or not. */
  isMember(one: string): boolean;
}

/** Chains of countries and of others' lists, as lfd has fetched them. Source: doportfilters of csf 15.10. */
export class Blocked {
  private readonly drop: string;

  constructor(
    private readonly csf: Ruleset,
    private readonly settings: Settings,
    private readonly files: Files,
  ) {
    this.drop = settings.dropped.in;
  }

  /** csf.blocklists: `NAME|SECONDS|MOST|URL`. */
  blockLists(lines: readonly Place[]): void {
    const { csf, settings } = this;
    const names = new Map<string, Place>();
    for (const by of lines) {
      const [name = ''] = by.text.split('|');
      if (/^\w+$/.test(name)) names.set(name.toUpperCase().slice(0, 25).replace(/^CXS_/, 'X_CXS_'), by);
    }
    for (const [name, by] of names) {
      csf.declare(name, by);
      if (name === 'BOGON')
        for (const device of settings.listed('LF_BOGON_SKIP')) csf.add(name, `-i ${device} -j RETURN`, by, 'alone', ['ip']);
      for (const family of csf.families) {
        // csf makes a set for IPv6 wherever its name has these two letters in it.
        const set = `bl_${name}`.includes('_6') ? 'ip6' : family;
        this.from(name, this.drop, by, { file: `csf.block.${name}`, family, set, isMember: (one) => kindOf(one) === family });
      }
      csf.add('LOCALINPUT', `@in4 -j ${name}`, by);
    }
  }

  /** Countries of a setting lead to a target; whether any of them has a network, by family. */
  countries(key: string, chain: string, to: string): readonly Family[] {
    const { settings, csf, files } = this;
    const longest = Number(settings.text('CC_DROP_CIDR'));
    const isWide = (one: string): boolean => !(longest > 0 && longest < 33) || Number(one.split('/')[1] ?? '32') <= longest;
    const isOf14 = /^14\./.test(files.linesOf('/etc/csf/version.txt')?.[0]?.text ?? '');
    return csf.families.filter((family) => {
      if (family === 'ip6' && !settings.isOn('CC6_LOOKUPS')) return false;
      const isMember = (one: string): boolean => {
        const kind = kindOf(one);
        return kind !== undefined && (kind !== 'ip' || isOf14 || isPublic(one)) && (family === 'ip6' || isWide(one));
      };
      const file = (country: string): string => `zone/${country}.zone${family === 'ip' ? '' : '6'}`;
      const some = settings
        .countries(key)
        .map((one) => this.from(chain, to, settings.at(key), { file: file(one), family, set: family, isMember }));
      return some.includes(true);
    });
  }

  /** Sources on a list are led to a target. Nobody, where the list has no file; perhaps anybody, where nothing of csf's state is told. */
  private from(chain: string, to: string, by: Place, { file, family, set, isMember }: List): boolean {
    const { csf, settings } = this;
    const lines = this.files.linesOf(STATE + file);
    if (!lines && this.files.isTold(STATE)) return false;
    const given = wordsOf(lines ?? []).flatMap((one): readonly Member[] => (isMember(one.text) ? [{ ...one, to: set }] : []));
    const name = `${file}-${family}`;
    if (settings.isOn('LF_IPSET')) {
      const held = heldIn(csf, settings, given, file);
      if (!held) return !lines || given.length > 0;
      const words = [...held.members].map(({ text }) => text);
      if (lines) setOf(csf, name, by.line, set, words, { unclear: held.unclear?.text });
    } else if (lines) {
      const words = given.flatMap((one) => (csf.takes(one, family) ? [one.text] : []));
      setOf(csf, name, by.line, family, words);
    }
    csf.add(chain, `-m set --match-set ${name} src -j ${to}`, by, 'alone', [family]);
    return !lines || given.length > 0;
  }

  led(key: string, chain: string): void {
    if (this.settings.countries(key).length > 0) this.csf.add('LOCALINPUT', `@in4 -j ${chain}`, this.settings.at(key));
  }

  /** What is behind all lists in LOCALINPUT. */
  byCountry(): void {
    const { csf, settings } = this;
    this.countries('CC_DENY', 'CC_DENY', this.drop);
    this.led('CC_DENY', 'CC_DENY');
    if (settings.countries(FILTER).length > 0) this.onlyFrom();
    for (const [key, chain, target, opens] of [
      ['CC_ALLOW_PORTS', 'CC_ALLOWP', 'ACCEPT', '@4new'],
      ['CC_DENY_PORTS', 'CC_DENYP', '$DROP', ''],
    ] as const) {
      if (settings.countries(key).length === 0) continue;
      for (const protocol of ['tcp', 'udp'])
        csf.addPorts(`${key}_${protocol.toUpperCase()}`, `${chain}ORTS`, `@in4 -p ${protocol} ${opens}`, target, 'alone');
      this.countries(key, chain, `${chain}ORTS`);
      this.led(key, chain);
    }
  }

  /** Whoever isn't of these countries is kept out, where a network of any is known. */
  private onlyFrom(): void {
    const { csf, settings } = this;
    addWritten(csf, settings, OF_COUNTRIES);
    const some = this.countries(FILTER, 'CC_ALLOWF', 'RETURN');
    const perhaps = this.files.isTold(STATE) ? '' : '-m set --match-set zone src';
    csf.add('CC_ALLOWF', `${perhaps} -j ${this.drop}`, settings.at(FILTER), 'alone', some);
    this.led(FILTER, 'CC_ALLOWF');
  }
}

const FILTER = 'CC_ALLOW_FILTER';
