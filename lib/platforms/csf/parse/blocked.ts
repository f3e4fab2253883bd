import { Family } from '../../../net/address';
import { Place } from '../../../parse/printed-files';
import { STATE } from './files';
import { Held, Member, heldIn } from './held';
import { isPublic, kindOf } from './kinds';
import { entriesOf, wordsOf } from './lists';
import { Ruleset } from './ruleset';

// Chains of countries and of others' lists, as lfd has fetched them. Source: doportfilters of csf 15.10.

interface List {
  /** Below csf's state. */
  readonly file: string;
  /** Whose rules its members are in. */
  readonly family: Family;
  /** Of which family its set is. */
  readonly set: Family;
  /** What csf gives to iptables or ipset, whether they take it or not. */
  isMember(one: string): boolean;
}

/** csf.blocklists: `NAME|SECONDS|MOST|URL`. */
export function addBlockLists(csf: Ruleset): void {
  const names = new Map<string, Place>();
  for (const by of entriesOf('blocklists', csf)) {
    const [name = ''] = by.text.split('|');
    if (/^\w+$/.test(name)) names.set(name.toUpperCase().slice(0, 25).replace(/^CXS_/, 'X_CXS_'), by);
  }
  for (const [name, by] of names) {
    csf.declare(name, by);
    for (const device of name === 'BOGON' ? csf.settings.listed('LF_BOGON_SKIP') : [])
      csf.add(name, `-i ${device} -j RETURN`, by, 'alone', ['ip']);
    for (const family of csf.families) {
      // csf makes a set of ipset for IPv6 wherever its name has these two letters in it.
      const set = csf.settings.isOn('LF_IPSET') && `bl_${name}`.includes('_6') ? 'ip6' : family;
      addList(csf, name, '$banned-in', by, {
        file: `csf.block.${name}`,
        family,
        set,
        isMember: (one) => kindOf(one) === family,
      });
    }
    csf.add('LOCALINPUT', `@in4 -j ${name}`, by);
  }
}

/** Countries of a setting lead to a target; whether any of them has a network, by family. */
export function countries(csf: Ruleset, key: string, chain: string, to: string): readonly Family[] {
  const { settings, files } = csf;
  const longest = Number(settings.text('CC_DROP_CIDR'));
  const isWide = (one: string): boolean =>
    !(longest > 0 && longest < 33) || Number(one.split('/')[1] ?? '32') <= longest;
  const isOf14 = /^14\./.test(files.linesOf('/etc/csf/version.txt')?.[0]?.text ?? '');
  return csf.families.filter((family) => {
    if (family === 'ip6' && !settings.isOn('CC6_LOOKUPS')) return false;
    const isMember = (one: string): boolean => {
      const kind = kindOf(one);
      return kind !== undefined && (kind !== 'ip' || isOf14 || isPublic(one)) && (family === 'ip6' || isWide(one));
    };
    const some = settings.countries(key).map((country) => {
      const file = `zone/${country}.zone${family === 'ip' ? '' : '6'}`;
      return addList(csf, chain, to, settings.at(key), { file, family, set: family, isMember });
    });
    return some.includes(true);
  });
}

/** Sources on a list are led to a target. Nobody, where the list has no file; perhaps anybody, where nothing of csf's state is told. */
function addList(csf: Ruleset, chain: string, to: string, by: Place, { file, family, set, isMember }: List): boolean {
  const lines = csf.files.linesOf(STATE + file);
  if (!lines && csf.files.isTold(STATE)) return false;
  const given = wordsOf(lines ?? []).flatMap((one): readonly Member[] =>
    isMember(one.text) ? [{ ...one, to: set }] : [],
  );
  const taken = (): Held => ({ members: new Set(given.filter((one) => csf.takes(one, family))) });
  const held = csf.settings.isOn('LF_IPSET') ? heldIn(csf, given, file) : taken();
  if (held) {
    const name = `${file}-${family}`;
    const members = [...held.members].map(({ text }) => text);
    if (lines) csf.set(name, set, members, { unclear: held.unclear?.text });
    csf.add(chain, `-m set --match-set ${name} src -j ${to}`, by, 'alone', [family]);
  }
  return !lines || given.length > 0;
}

/** Whoever isn't of the countries of CC_ALLOW_FILTER is kept out, where a network of any is known. */
export function addCountries(csf: Ruleset): void {
  countries(csf, 'CC_DENY', 'CC_DENY', '$banned-in');
  const some = countries(csf, FILTER, 'CC_ALLOWF', 'RETURN');
  const perhaps = csf.files.isTold(STATE) ? '' : '-m set --match-set zone src';
  csf.add('CC_ALLOWF', `${perhaps} -j $banned-in`, csf.settings.at(FILTER), 'alone', some);
  countries(csf, 'CC_ALLOW_PORTS', 'CC_ALLOWP', 'CC_ALLOWPORTS');
  countries(csf, 'CC_DENY_PORTS', 'CC_DENYP', 'CC_DENYPORTS');
}

const FILTER = 'CC_ALLOW_FILTER';
