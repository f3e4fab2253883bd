import { Place } from '../../../reading/printed-files';
import { Blocked } from './blocked';
import { Files, STATE, trimmed } from './files';
import { addKnocks, addLimits, keptOutBy } from './limits';
import { KeptOut, addLines } from './lines';
import { IPV4, kindOf } from './kinds';
import { entriesOf, setOf, wordsOf } from './lists';
import { Ruleset } from './ruleset';
import { Settings } from './settings';
import { BEHIND_LIMITS, BEHIND_LISTS, CONTAINERS, FIRST, FORWARDED, LAST, addWritten } from './written';

/** What csf makes of its files, in the order in which rules are asked. Source: dostart and doportfilters of csf 15.10. */
export function builtFrom(settings: Settings, files: Files): Ruleset {
  const csf = new Ruleset(settings);
  if (settings.isOn('DROP_LOGGING') && !settings.isOn('WATCH_MODE'))
    for (const protocol of ['tcp', 'udp']) csf.addPorts('DROP_NOLOG', 'LOGDROPIN', `-p ${protocol}`, '$DROP', 'at once');
  for (const device of settings.listed('ETH_DEVICE_SKIP'))
    for (const [chain, way] of WAYS) csf.add(chain, `-${way[0]} ${device} -j ACCEPT`, settings.at('ETH_DEVICE_SKIP'));
  addWritten(csf, settings, FIRST);
  addResolvers(csf, settings, files);
  new Lists(csf, settings, files).add();
  addWritten(csf, settings, BEHIND_LISTS);
  addLimits(csf, settings);
  addWritten(csf, settings, BEHIND_LIMITS);
  addKnocks(csf, settings);
  for (const [chain, way] of WAYS)
    for (const protocol of ['tcp', 'udp'])
      for (const family of csf.families) {
        const key = `${protocol}${family === 'ip' ? '' : '6'}_${way}`.toUpperCase();
        csf.addPorts(key, chain, `@${way} -p ${protocol} @new`, 'ACCEPT', 'at once', [family]);
      }
  addWritten(csf, settings, LAST);
  addRedirects(csf, settings, files);
  addWritten(csf, settings, CONTAINERS);
  return csf;
}

const WAYS = [
  ['INPUT', 'in'],
  ['OUTPUT', 'out'],
] as const;

function addResolvers(csf: Ruleset, settings: Settings, files: Files): void {
  for (const by of settings.isOn('DNS_STRICT_NS') ? [] : (files.linesOf('/etc/resolv.conf') ?? [])) {
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
class Lists {
  private readonly keptOut: KeptOut | undefined;

  constructor(
    private readonly csf: Ruleset,
    private readonly settings: Settings,
    private readonly files: Files,
  ) {
    this.keptOut = keptOutBy(csf, settings);
  }

  add(): void {
    const { csf, settings, files } = this;
    const blocked = new Blocked(csf, settings, files);
    if (settings.isOn('LF_IPSET') && settings.mostMembers === undefined) this.withoutSets();
    for (const [key, chain, side] of [
      ['CLUSTER_RECVFROM', 'LOCALINPUT', '@in4 -p tcp -s'],
      ['CLUSTER_SENDTO', 'LOCALOUTPUT', '@out4 -p tcp -d'],
    ] as const)
      for (const host of settings.listed(key))
        csf.add(chain, `${side} ${host} --dport $CLUSTER_PORT -j ACCEPT`, settings.at(key), 'alone', ['ip']);
    this.fetched('GLOBAL_DYNDNS', 'GDYN', 'csf.tempgdyn', '4');
    this.fetched('DYNDNS', 'ALLOWDYN', 'csf.tempdyn', '4');
    blocked.countries('CC_ALLOW', 'CC_ALLOW', 'ACCEPT');
    blocked.led('CC_ALLOW', 'CC_ALLOW');
    this.fetched('GLOBAL_ALLOW', 'GALLOW', 'csf.gallow', '');
    this.own('allow', 'ALLOW', undefined);
    this.own('deny', 'DENY', this.keptOut);
    for (const by of entriesOf('/etc/csf/csf.sips', files, csf)) {
      const family = csf.kindOf(by.text);
      if (family) csf.add('LOCALINPUT', `@in -d ${by.text} -j $in`, by, 'alone', [family]);
      if (family) csf.add('LOCALOUTPUT', `@out -s ${by.text} -j $out`, by, 'alone', [family]);
    }
    this.fetched('GLOBAL_DENY', 'GDENY', 'csf.gdeny', '');
    blocked.blockLists(entriesOf('/etc/csf/csf.blocklists', files, csf));
    blocked.byCountry();
  }

  /** Rules ask for sets that there are not: those of csf.allow and csf.deny are loaded with others, at once. */
  private withoutSets(): void {
    const { csf, settings } = this;
    const { line } = settings.at(settings.isOn('LF_IPSET_HASHSIZE') ? 'LF_IPSET_HASHSIZE' : 'LF_IPSET_MAXELEM');
    const what = 'ipset makes no set of what LF_IPSET_HASHSIZE and LF_IPSET_MAXELEM say.';
    if (settings.faststart) csf.stops.push({ line, what });
    else csf.skip({ line }, `${what} No address of a list is in one.`);
  }

  private led(name: string, by: Place, own: '' | '4'): void {
    this.csf.add('LOCALINPUT', `@in${own} -j ${name}IN`, by);
    this.csf.add('LOCALOUTPUT', `@out${own} -j ${name}OUT`, by);
  }

  /** What somebody wrote, and what is meant for a while. */
  private own(file: 'allow' | 'deny', name: string, keptOut: KeptOut | undefined): void {
    const { csf, settings, files } = this;
    addLines(
      csf,
      settings,
      entriesOf(`/etc/csf/csf.${file}`, files, csf),
      name,
      'at once',
      settings.isOn('MESSENGER_PERM') ? keptOut : undefined,
    );
    this.forAWhile(file === 'allow' ? 'csf.tempallow' : 'csf.tempban', name, settings.isOn('MESSENGER_TEMP') ? keptOut : undefined);
    this.led(name, settings.at('ETH_DEVICE'), '4');
  }

  /** What lfd fetches from elsewhere, or resolves. */
  private fetched(key: string, name: string, file: string, own: '' | '4'): void {
    const { csf, settings, files } = this;
    if (!settings.isOn(key)) return;
    const to = name === 'GDENY' ? settings.dropped : ACCEPTED;
    if (files.isTold(STATE))
      addLines(csf, settings, wordsOf(files.linesOf(STATE + file) ?? []), name, name === 'ALLOWDYN' ? 'alone' : 'at once');
    else
      for (const [, way, side] of SIDES)
        csf.add(name + way.toUpperCase(), `-m set --match-set ${file} ${side} -j ${to[way]}`, settings.at(key));
    this.led(name, settings.at(key), own);
  }

  /** What ends by itself, nobody here knows when: `TIME|ADDRESS|PORTS|in,out|SECONDS|why`. */
  private forAWhile(file: string, name: string, keptOut: KeptOut | undefined): void {
    const { csf, settings, files } = this;
    const to = name === 'DENY' ? settings.dropped : ACCEPTED;
    for (const by of files.linesOf(STATE + file) ?? []) {
      const [, host = '', ports = '', ways = ''] = by.text.split('|');
      const family = csf.kindOf(host);
      if (!family) continue;
      const set = `-m set --match-set ${setOf(csf, `${file}-${by.line}`, by.line, family, [host], { fleeting: true })}`;
      for (const one of ports === '' || ports === '0' ? [''] : ports.split(',')) {
        const [port = '', protocol = ''] = one.split(';');
        const asked = one === '' ? '' : `-p ${protocol === '' ? 'tcp' : protocol} --dport ${port}`;
        for (const [, way, side] of SIDES)
          if (ways.includes(way)) csf.add(name + way.toUpperCase(), `@${way} ${asked} ${set} ${side} -j ${to[way]}`, by, 'alone', [family]);
        if (ways.includes('in')) keptOut?.(`${set} src`, family, by, port === '' ? undefined : port);
      }
    }
  }
}

const ACCEPTED = { in: 'ACCEPT', out: 'ACCEPT' };
const SIDES = [
  ['INPUT', 'in', 'src'],
  ['OUTPUT', 'out', 'dst'],
] as const;

/** csf.redirect: `ADDRESS|PORT|ADDRESS|PORT|tcp`, of IPv4 alone. */
function addRedirects(csf: Ruleset, settings: Settings, files: Files): void {
  let forwards = false;
  for (const by of entriesOf('/etc/csf/csf.redirect', files, csf)) {
    const [to = '', port = '', host = '', inner = '', protocol = ''] = by.text.split('|');
    const add = (chain: string, words: string): void => csf.add(chain, words, by, 'alone', ['ip']);
    const known = [to, host].every((one) => one === '*' || kindOf(one)) && /^(tcp|udp)$/.test(protocol);
    const here = `@in4 -p ${protocol} ${to === '*' ? '' : `-d ${to}`}`;
    if (known && host === '*') add('nat PREROUTING', `${here} --dport ${port} -j REDIRECT --to-ports ${inner}`);
    else if (known && to !== '*' && (port === '*' || inner !== '*')) {
      forwards = true;
      const [asked, target, passes] = port === '*' ? ['', host, ''] : [`--dport ${port}`, `${host}:${inner}`, `--dport ${inner}`];
      add('nat PREROUTING', `${here} ${asked} -j DNAT --to-destination ${target}`);
      add('nat POSTROUTING', `@out4 -p ${protocol} -d ${host} -j SNAT --to-source ${to}`);
      add('FORWARD', `@in4 -p ${protocol} -d ${host} ${passes} @4new -j ACCEPT`);
    } else csf.stops.push({ line: by.line, what: 'csf refuses a line of csf.redirect.' });
  }
  if (forwards) addWritten(csf, settings, FORWARDED);
}
