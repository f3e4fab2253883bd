// Adds csf's rules for block lists (csf.blocklists) and for countries (CC_DENY, CC_ALLOW_FILTER and others), from the
// lists that lfd has fetched. Source: doportfilters of csf 15.10.

import { Family } from '../../../net/address';
import { SourceLocation } from '../../../parse/printed-files';
import { STATE_FOLDER } from './csf-files';
import { SetContents, SetMember, computeSetContents } from './set-members';
import { isPublic, detectFamily } from './address-family';
import { listEntries, pickFirstWords } from './list-entries';
import { CsfRuleset } from './csf-ruleset';

interface CsfBlockList {
  /** Path below csf's state folder. */
  readonly file: string;
  /** Family of the rules that match its members. */
  readonly family: Family;
  /** Family of its set. */
  readonly set: Family;
  /** Returns whether csf passes a word to iptables or ipset, whether they accept it or not. */
  isMember(one: string): boolean;
}

/** Adds the lists of csf.blocklists, whose lines are `NAME|SECONDS|MOST|URL`. */
export function addBlockLists(csf: CsfRuleset): void {
  const names = new Map<string, SourceLocation>();
  for (const place of listEntries('blocklists', csf)) {
    const [name = ''] = place.text.split('|');
    if (/^\w+$/.test(name)) names.set(name.toUpperCase().slice(0, 25).replace(/^CXS_/, 'X_CXS_'), place);
  }
  for (const [name, place] of names) {
    csf.declareChain(name, place);
    for (const device of name === 'BOGON' ? csf.settings.list('LF_BOGON_SKIP') : [])
      csf.add(name, `-i ${device} -j RETURN`, place, 'alone', ['ip']);
    for (const family of csf.families) {
      // csf makes an IPv6 set of ipset if the name contains these two characters.
      const set = csf.settings.isOn('LF_IPSET') && `bl_${name}`.includes('_6') ? 'ip6' : family;
      addListRule(csf, name, '$banned-in', place, {
        file: `csf.block.${name}`,
        family,
        set,
        isMember: (word) => detectFamily(word) === family,
      });
    }
    csf.add('LOCALINPUT', `@in4 -j ${name}`, place);
  }
}

/** Adds rules from the countries of a setting to a target. Returns the families in which any of them has a network. */
export function addCountryRules(csf: CsfRuleset, key: string, chain: string, target: string): readonly Family[] {
  const { settings, files } = csf;
  const longest = Number(settings.getText('CC_DROP_CIDR'));
  const isWide = (network: string): boolean =>
    !(longest > 0 && longest < 33) || Number(network.split('/')[1] ?? '32') <= longest;
  const isOf14 = /^14\./.test(files.findLines('/etc/csf/version.txt')?.[0]?.text ?? '');
  return csf.families.filter((family) => {
    if (family === 'ip6' && !settings.isOn('CC6_LOOKUPS')) return false;
    const isMember = (network: string): boolean => {
      const kind = detectFamily(network);
      return (
        kind !== undefined && (kind !== 'ip' || isOf14 || isPublic(network)) && (family === 'ip6' || isWide(network))
      );
    };
    const addedByCountry = settings.listCountries(key).map((country) => {
      const file = `zone/${country}.zone${family === 'ip' ? '' : '6'}`;
      return addListRule(csf, chain, target, settings.getPlace(key), { file, family, set: family, isMember });
    });
    return addedByCountry.includes(true);
  });
}

/**
 * Adds a rule from the sources of a list to a target. Without a file the list is empty; if csf's state isn't in the
 * text at all, it may hold any source.
 */
function addListRule(
  csf: CsfRuleset,
  chain: string,
  target: string,
  place: SourceLocation,
  { file, family, set, isMember }: CsfBlockList,
): boolean {
  const lines = csf.files.findLines(STATE_FOLDER + file);
  if (!lines && csf.files.hasFolder(STATE_FOLDER)) return false;
  const setMembers = pickFirstWords(lines ?? []).flatMap((word): readonly SetMember[] =>
    isMember(word.text) ? [{ ...word, to: set }] : [],
  );
  const taken = (): SetContents => ({
    members: new Set(setMembers.filter((word) => csf.acceptsAddress(word, family))),
  });
  const contents = csf.settings.isOn('LF_IPSET') ? computeSetContents(csf, setMembers, file) : taken();
  if (contents) {
    const name = `${file}-${family}`;
    const members = [...contents.members].map(({ text }) => text);
    if (lines) csf.addSet(name, set, members, { unknownOption: contents.unknownMember?.text });
    csf.add(chain, `-m set --match-set ${name} src -j ${target}`, place, 'alone', [family]);
  }
  return !lines || setMembers.length > 0;
}

/** Blocks sources outside the countries of CC_ALLOW_FILTER, if a network of any of them is known. */
export function addCountries(csf: CsfRuleset): void {
  addCountryRules(csf, 'CC_DENY', 'CC_DENY', '$banned-in');
  const families = addCountryRules(csf, ALLOW_FILTER, 'CC_ALLOWF', 'RETURN');
  const perhaps = csf.files.hasFolder(STATE_FOLDER) ? '' : '-m set --match-set zone src';
  csf.add('CC_ALLOWF', `${perhaps} -j $banned-in`, csf.settings.getPlace(ALLOW_FILTER), 'alone', families);
  addCountryRules(csf, 'CC_ALLOW_PORTS', 'CC_ALLOWP', 'CC_ALLOWPORTS');
  addCountryRules(csf, 'CC_DENY_PORTS', 'CC_DENYP', 'CC_DENYPORTS');
}

const ALLOW_FILTER = 'CC_ALLOW_FILTER';
