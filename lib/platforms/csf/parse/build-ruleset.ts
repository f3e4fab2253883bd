// Builds the iptables rules that csf makes of its files (settings, lists, hook scripts), in the order of evaluation.

import { addBlockLists, addCountries, addCountryRules } from './block-lists';
import { CsfFiles, STATE_FOLDER, trimBlanks } from './csf-files';
import { addKnocks, addLimits, createMessenger } from './limits';
import { AddMessengerRules, addLines, getTarget } from './lower-list-lines';
import { IPV4, detectFamily } from './address-family';
import { listEntries, pickFirstWords } from './list-entries';
import { CsfRuleset } from './csf-ruleset';
import { CsfSettings } from './csf-settings';
import {
  BANNED_RULES,
  RULES_AFTER_LIMITS,
  RULES_AFTER_LISTS,
  FIRST_RULES,
  FORWARD_RULES,
  LAST_RULES,
  TRUSTED_RULES,
  addFixedRules,
} from './fixed-rules';

/**
 * Returns the rules that csf makes of its files, in the order of evaluation. Source: dostart and doportfilters of csf
 * 15.10.
 */
export function buildRuleset(settings: CsfSettings, files: CsfFiles): CsfRuleset {
  const csf = new CsfRuleset(settings, files);
  addFixedRules(csf, FIRST_RULES);
  addResolvers(csf);
  addLists(csf);
  addFixedRules(csf, RULES_AFTER_LISTS);
  addCountries(csf);
  addLimits(csf);
  addFixedRules(csf, RULES_AFTER_LIMITS);
  addKnocks(csf);
  addRedirects(csf);
  addFixedRules(csf, LAST_RULES);
  return csf;
}

function addResolvers(csf: CsfRuleset): void {
  for (const place of csf.settings.isOn('DNS_STRICT_NS') ? [] : (csf.files.findLines('/etc/resolv.conf') ?? [])) {
    const host = parseLeadingAddress(/^nameserver[ \t\v\f]+(.*)/s.exec(trimBlanks(place.text))?.[1] ?? '');
    const family = csf.detectFamily(host);
    if (!family || host.startsWith('127.')) continue;
    for (const port of ['tcp --dport', 'udp --dport', 'tcp --sport', 'udp --sport']) {
      csf.add('INPUT', `@in4 -s ${host} -p ${port} 53 -j ACCEPT`, place, 'at once', [family]);
      csf.add('OUTPUT', `@out4 -d ${host} -p ${port} 53 -j ACCEPT`, place, 'at once', [family]);
    }
  }
}

/** Returns the leading address: csf doesn't check the end of it, and reads `8.8.8.853` as 8.8.8.85. */
function parseLeadingAddress(text: string): string {
  const address = IPV4.exec(text)?.[0];
  if (address !== undefined) return address;
  const [letters = ''] = /^[\dA-Fa-f:.]{0,45}/.exec(text)!;
  const ends = Array.from(letters, (_, at) => letters.slice(0, letters.length - at));
  return ends.find((candidate) => detectFamily(candidate) === 'ip6') ?? '';
}

/** Adds allow and deny lists, which csf evaluates before any session or port. */
function addLists(csf: CsfRuleset): void {
  const { settings } = csf;
  const keptOut = createMessenger(csf);
  const ofMessenger = (key: string): AddMessengerRules | undefined => (settings.isOn(key) ? keptOut : undefined);
  if (settings.isOn('LF_IPSET') && settings.maxMembers === undefined) reportMissingSets(csf);
  addFixedRules(csf, TRUSTED_RULES);
  addFetchedList(csf, 'GLOBAL_DYNDNS', 'GDYN', 'csf.tempgdyn');
  addFetchedList(csf, 'DYNDNS', 'ALLOWDYN', 'csf.tempdyn');
  addCountryRules(csf, 'CC_ALLOW', 'CC_ALLOW', 'ACCEPT');
  addFetchedList(csf, 'GLOBAL_ALLOW', 'GALLOW', 'csf.gallow');
  addLines(csf, listEntries('allow', csf), 'ALLOW', 'at once');
  addTemporaryRules(csf, 'csf.tempallow', 'ALLOW');
  addLines(csf, listEntries('deny', csf), 'DENY', 'at once', ofMessenger('MESSENGER_PERM'));
  addTemporaryRules(csf, 'csf.tempban', 'DENY', ofMessenger('MESSENGER_TEMP'));
  for (const place of listEntries('sips', csf)) {
    const family = csf.detectFamily(place.text);
    if (family) csf.add('LOCALINPUT', `@in -d ${place.text} -j $in`, place, 'alone', [family]);
    if (family) csf.add('LOCALOUTPUT', `@out -s ${place.text} -j $out`, place, 'alone', [family]);
  }
  addFixedRules(csf, BANNED_RULES);
  addFetchedList(csf, 'GLOBAL_DENY', 'GDENY', 'csf.gdeny');
  addBlockLists(csf);
}

/** Reports that rules refer to missing sets: csf loads those of csf.allow and csf.deny in one batch with others. */
function reportMissingSets(csf: CsfRuleset): void {
  const { settings } = csf;
  const { line } = settings.getPlace(settings.isOn('LF_IPSET_HASHSIZE') ? 'LF_IPSET_HASHSIZE' : 'LF_IPSET_MAXELEM');
  const what = 'ipset makes no set of what LF_IPSET_HASHSIZE and LF_IPSET_MAXELEM say.';
  if (settings.isFaststart) csf.stops.push({ line, what });
  else csf.noteSkipped({ line }, `${what} No address of a list is in one.`);
}

/** Adds a list that lfd fetches or resolves. */
function addFetchedList(csf: CsfRuleset, key: string, name: string, file: string): void {
  const { settings, files } = csf;
  if (!settings.isOn(key)) return;
  if (files.hasFolder(STATE_FOLDER))
    addLines(
      csf,
      pickFirstWords(files.findLines(STATE_FOLDER + file) ?? []),
      name,
      name === 'ALLOWDYN' ? 'alone' : 'at once',
    );
  else
    for (const [way, side] of DIRECTIONS)
      csf.add(
        name + way.toUpperCase(),
        `-m set --match-set ${file} ${side} -j ${getTarget(name, way)}`,
        settings.getPlace(key),
      );
}

/**
 * Adds the temporary rules: `TIME
 * ADDRESS
 * PORTS
 * in,out
 * SECONDS
 * why`. The time of their end isn't known here.
 */
function addTemporaryRules(csf: CsfRuleset, file: string, name: string, keptOut?: AddMessengerRules): void {
  for (const place of csf.files.findLines(STATE_FOLDER + file) ?? []) {
    const [, host = '', ports = '', ways = ''] = place.text.split('|');
    const family = csf.detectFamily(host);
    if (!family) continue;
    const set = csf.addSet(`${file}-${place.line}`, family, [host], { expires: true });
    for (const portField of ports === '' || ports === '0' ? [''] : ports.split(',')) {
      const [port = '', protocol = ''] = portField.split(';');
      const portMatch = portField === '' ? '' : `-p ${protocol === '' ? 'tcp' : protocol} --dport ${port}`;
      for (const [way, side] of DIRECTIONS)
        if (ways.includes(way))
          csf.add(
            name + way.toUpperCase(),
            `@${way} ${portMatch} ${set} ${side} -j ${getTarget(name, way)}`,
            place,
            'alone',
            [family],
          );
      if (ways.includes('in')) keptOut?.(`${set} src`, family, place, port === '' ? undefined : port);
    }
  }
}

const DIRECTIONS = [
  ['in', 'src'],
  ['out', 'dst'],
] as const;

/**
 * Adds csf.redirect: `ADDRESS
 * PORT
 * ADDRESS
 * PORT
 * tcp`, IPv4 only.
 */
function addRedirects(csf: CsfRuleset): void {
  let forwards = false;
  for (const place of listEntries('redirect', csf)) {
    const [external = '', port = '', host = '', inner = '', protocol = ''] = place.text.split('|');
    const add = (chain: string, words: string): void => csf.add(chain, words, place, 'alone', ['ip']);
    const isValid =
      [external, host].every((address) => address === '*' || detectFamily(address)) && /^(tcp|udp)$/.test(protocol);
    const match = `@in4 -p ${protocol} ${external === '*' ? '' : `-d ${external}`}`;
    if (isValid && host === '*') add('nat PREROUTING', `${match} --dport ${port} -j REDIRECT --to-ports ${inner}`);
    else if (isValid && external !== '*' && (port === '*' || inner !== '*')) {
      forwards = true;
      const [portMatch, target, passes] =
        port === '*' ? ['', host, ''] : [`--dport ${port}`, `${host}:${inner}`, `--dport ${inner}`];
      add('nat PREROUTING', `${match} ${portMatch} -j DNAT --to-destination ${target}`);
      add('nat POSTROUTING', `@out4 -p ${protocol} -d ${host} -j SNAT --to-source ${external}`);
      add('FORWARD', `@in4 -p ${protocol} -d ${host} ${passes} @4new -j ACCEPT`);
    } else csf.stops.push({ line: place.line, what: 'csf refuses a line of csf.redirect.' });
  }
  if (forwards) addFixedRules(csf, FORWARD_RULES);
}
