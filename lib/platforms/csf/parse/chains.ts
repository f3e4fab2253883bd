import { addBlockLists, addCountries, countries } from './blocked';
import { Files, STATE, trimmed } from './files';
import { addKnocks, addLimits, keptOutBy } from './limits';
import { KeptOut, addLines, targetOf } from './lines';
import { IPV4, kindOf } from './kinds';
import { entriesOf, wordsOf } from './lists';
import { Ruleset } from './ruleset';
import { Settings } from './settings';
import { BANNED, BEHIND_LIMITS, BEHIND_LISTS, FIRST, FORWARDED, LAST, TRUSTED, addWritten } from './written';

/** What csf makes of its files, in the order in which rules are asked. Source: dostart and doportfilters of csf 15.10. */
export function builtFrom(settings: Settings, files: Files): Ruleset {
  const csf = new Ruleset(settings, files);
  addWritten(csf, FIRST);
  addResolvers(csf);
  addLists(csf);
  addWritten(csf, BEHIND_LISTS);
  addCountries(csf);
  addLimits(csf);
  addWritten(csf, BEHIND_LIMITS);
  addKnocks(csf);
  addRedirects(csf);
  addWritten(csf, LAST);
  return csf;
}

function addResolvers(csf: Ruleset): void {
  for (const by of csf.settings.isOn('DNS_STRICT_NS') ? [] : (csf.files.linesOf('/etc/resolv.conf') ?? [])) {
    const host = addressBefore(/^nameserver[ \t\v\f]+(.*)/s.exec(trimmed(by.text))?.[1] ?? '');
    const family = csf.kindOf(host);
    if (!family || host.startsWith('127.')) continue;
    for (const port of ['tcp --dport', 'udp --dport', 'tcp --sport', 'udp --sport']) {
      csf.add('INPUT', `@in4 -s ${host} -p ${port} 53 -j ACCEPT`, by, 'at once', [family]);
      csf.add('OUTPUT', `@out4 -d ${host} -p ${port} 53 -j ACCEPT`, by, 'at once', [family]);
    }
  }
}

/** What stands in front and is an address: csf asks for no end of it, and of `8.8.8.853` takes 8.8.8.85. */
function addressBefore(text: string): string {
  const found = IPV4.exec(text)?.[0];
  if (found !== undefined) return found;
  const [letters = ''] = /^[\dA-Fa-f:.]{0,45}/.exec(text)!;
  const ends = Array.from(letters, (_, at) => letters.slice(0, letters.length - at));
  return ends.find((one) => kindOf(one) === 'ip6') ?? '';
}

/** Whom lists let in and keep out, before any session or port is asked for. */
function addLists(csf: Ruleset): void {
  const { settings } = csf;
  const keptOut = keptOutBy(csf);
  const ofMessenger = (key: string): KeptOut | undefined => (settings.isOn(key) ? keptOut : undefined);
  if (settings.isOn('LF_IPSET') && settings.mostMembers === undefined) withoutSets(csf);
  addWritten(csf, TRUSTED);
  fetched(csf, 'GLOBAL_DYNDNS', 'GDYN', 'csf.tempgdyn');
  fetched(csf, 'DYNDNS', 'ALLOWDYN', 'csf.tempdyn');
  countries(csf, 'CC_ALLOW', 'CC_ALLOW', 'ACCEPT');
  fetched(csf, 'GLOBAL_ALLOW', 'GALLOW', 'csf.gallow');
  addLines(csf, entriesOf('allow', csf), 'ALLOW', 'at once');
  forAWhile(csf, 'csf.tempallow', 'ALLOW');
  addLines(csf, entriesOf('deny', csf), 'DENY', 'at once', ofMessenger('MESSENGER_PERM'));
  forAWhile(csf, 'csf.tempban', 'DENY', ofMessenger('MESSENGER_TEMP'));
  for (const by of entriesOf('sips', csf)) {
    const family = csf.kindOf(by.text);
    if (family) csf.add('LOCALINPUT', `@in -d ${by.text} -j $in`, by, 'alone', [family]);
    if (family) csf.add('LOCALOUTPUT', `@out -s ${by.text} -j $out`, by, 'alone', [family]);
  }
  addWritten(csf, BANNED);
  fetched(csf, 'GLOBAL_DENY', 'GDENY', 'csf.gdeny');
  addBlockLists(csf);
}

/** Rules ask for sets that there are not: those of csf.allow and csf.deny are loaded with others, at once. */
function withoutSets(csf: Ruleset): void {
  const { settings } = csf;
  const { line } = settings.at(settings.isOn('LF_IPSET_HASHSIZE') ? 'LF_IPSET_HASHSIZE' : 'LF_IPSET_MAXELEM');
  const what = 'ipset makes no set of what LF_IPSET_HASHSIZE and LF_IPSET_MAXELEM say.';
  if (settings.faststart) csf.stops.push({ line, what });
  else csf.skip({ line }, `${what} No address of a list is in one.`);
}

/** What lfd fetches from elsewhere, or resolves. */
function fetched(csf: Ruleset, key: string, name: string, file: string): void {
  const { settings, files } = csf;
  if (!settings.isOn(key)) return;
  if (files.isTold(STATE))
    addLines(csf, wordsOf(files.linesOf(STATE + file) ?? []), name, name === 'ALLOWDYN' ? 'alone' : 'at once');
  else
    for (const [way, side] of SIDES)
      csf.add(
        name + way.toUpperCase(),
        `-m set --match-set ${file} ${side} -j ${targetOf(name, way)}`,
        settings.at(key),
      );
}

/** What ends by itself, nobody here knows when: `TIME|ADDRESS|PORTS|in,out|SECONDS|why`. */
function forAWhile(csf: Ruleset, file: string, name: string, keptOut?: KeptOut): void {
  for (const by of csf.files.linesOf(STATE + file) ?? []) {
    const [, host = '', ports = '', ways = ''] = by.text.split('|');
    const family = csf.kindOf(host);
    if (!family) continue;
    const set = csf.set(`${file}-${by.line}`, family, [host], { fleeting: true });
    for (const one of ports === '' || ports === '0' ? [''] : ports.split(',')) {
      const [port = '', protocol = ''] = one.split(';');
      const asked = one === '' ? '' : `-p ${protocol === '' ? 'tcp' : protocol} --dport ${port}`;
      for (const [way, side] of SIDES)
        if (ways.includes(way))
          csf.add(name + way.toUpperCase(), `@${way} ${asked} ${set} ${side} -j ${targetOf(name, way)}`, by, 'alone', [
            family,
          ]);
      if (ways.includes('in')) keptOut?.(`${set} src`, family, by, port === '' ? undefined : port);
    }
  }
}

const SIDES = [
  ['in', 'src'],
  ['out', 'dst'],
] as const;

/** csf.redirect: `ADDRESS|PORT|ADDRESS|PORT|tcp`, of IPv4 alone. */
function addRedirects(csf: Ruleset): void {
  let forwards = false;
  for (const by of entriesOf('redirect', csf)) {
    const [to = '', port = '', host = '', inner = '', protocol = ''] = by.text.split('|');
    const add = (chain: string, words: string): void => csf.add(chain, words, by, 'alone', ['ip']);
    const known = [to, host].every((one) => one === '*' || kindOf(one)) && /^(tcp|udp)$/.test(protocol);
    const here = `@in4 -p ${protocol} ${to === '*' ? '' : `-d ${to}`}`;
    if (known && host === '*') add('nat PREROUTING', `${here} --dport ${port} -j REDIRECT --to-ports ${inner}`);
    else if (known && to !== '*' && (port === '*' || inner !== '*')) {
      forwards = true;
      const [asked, target, passes] =
        port === '*' ? ['', host, ''] : [`--dport ${port}`, `${host}:${inner}`, `--dport ${inner}`];
      add('nat PREROUTING', `${here} ${asked} -j DNAT --to-destination ${target}`);
      add('nat POSTROUTING', `@out4 -p ${protocol} -d ${host} -j SNAT --to-source ${to}`);
      add('FORWARD', `@in4 -p ${protocol} -d ${host} ${passes} @4new -j ACCEPT`);
    } else csf.stops.push({ line: by.line, what: 'csf refuses a line of csf.redirect.' });
  }
  if (forwards) addWritten(csf, FORWARDED);
}
