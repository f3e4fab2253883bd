import { FAMILIES, Family } from '../../../net/address';
import { spend } from '../../../net/work';
import { shown } from '../../../problems/in-text';
import { Refusal } from '../../../problems/problem';
import { IpSet } from '../../../reading/ipset/sets';
import { Place } from '../../../reading/printed-files';
import { parseRule } from '../../../reading/xtables/parse-rule';
import { AtLine, Told, tableOf } from '../../../reading/xtables/made';
import { Rule } from '../../../reading/xtables/rule';
import { Chain, Saved, TABLES, Table } from '../../../reading/xtables/saved';
import { Taken, address, takenBy } from '../../../reading/xtables/taken';
import { split } from './files';
import { kindOf } from './kinds';
import { say } from './problems';
import { Settings } from './settings';

/**
 * What csf does with a rule that iptables refuses: of many that are loaded at once it takes all rules away, with FASTSTART; of one alone it
 * says so and goes on; or it takes all rules away in any case.
 */
export type Loaded = 'at once' | 'alone' | 'or else';

/** Chains of table filter beside the kernel's; those of lists of others come with their names. */
const CHAINS = `LOGDROPIN LOGDROPOUT DENYIN DENYOUT ALLOWIN ALLOWOUT LOCALINPUT LOCALOUTPUT INVALID INVDROP SMTPOUTPUT SYNFLOOD PORTFLOOD
  CONNLIMIT UDPFLOOD GALLOWIN GALLOWOUT GDENYIN GDENYOUT ALLOWDYNIN ALLOWDYNOUT GDYNIN GDYNOUT CC_ALLOW CC_DENY CC_ALLOWF CC_ALLOWP
  CC_ALLOWPORTS CC_DENYP CC_DENYPORTS`.split(/\s+/);

/** Names of chains and of targets that no list can have for itself. */
const TAKEN_NAMES = new Set([
  ...CHAINS,
  ...`INPUT OUTPUT FORWARD PREROUTING POSTROUTING LOGACCEPT BLOCKDROP CCDROP ACCEPT DROP QUEUE RETURN AUDIT CHECKSUM CLASSIFY CLUSTERIP
  CONNMARK CONNSECMARK CT DNAT DNPT DSCP ECN HL HMARK IDLETIMER LED LOG MARK MASQUERADE NETMAP NFLOG NFQUEUE NOTRACK RATEEST REDIRECT REJECT
  SECMARK SET SNAT SNPT SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG`.split(/\s+/),
]);

/** What csf has built so far: rules in the order in which they are asked. */
export class Ruleset extends Told {
  readonly stops: AtLine[] = [];
  readonly sets = new Map<string, IpSet>();
  private readonly tables = { ip: new Map<string, Rule[]>(), ip6: new Map<string, Rule[]>() };
  private readonly chains = new Set(CHAINS);

  constructor(private readonly settings: Settings) {
    super();
  }

  /** Of IPv6 where that is on. */
  get families(): readonly Family[] {
    return this.settings.ipv6 ? FAMILIES : ['ip'];
  }

  /**
   * A rule at the end of a chain (`nat PREROUTING`; without a table: filter's), as iptables takes it. `@in`, `@out`: by the interfaces of the
   * family; `@in4`, `@out4`: by those of IPv4 in both, as csf has it; `@new`: of a new connection, where the family's filter knows connections.
   */
  add(chain: string, words: string, by: Place, loaded: Loaded = 'alone', families: readonly Family[] = this.families): void {
    for (const family of families) {
      const rule = this.ruleOf(this.written(words, family), by);
      if (!this.isTaken(rule ? takenBy(rule, family, this.chains) : 'refused', by, loaded) || !rule) continue;
      const own = this.tables[family];
      const rules = own.get(chain);
      if (rules) rules.push(rule);
      else own.set(chain, [rule]);
    }
  }

  /** Whether iptables takes an address that a rule of its own is made of, many at once. */
  takes(by: Place, family: Family): boolean {
    return this.isTaken(address(by.text.toLowerCase(), family), by, 'at once');
  }

  private isTaken(taken: Taken, by: Place, loaded: Loaded): boolean {
    if (taken === 'unclear') this.doubt(by, `whether iptables takes ${shown(by.text)} is not known`);
    else if (taken === 'refused') this.refused(by, loaded);
    return taken === 'taken';
  }

  /** One rule for each port of a setting; csf itself refuses what has other letters than digits and colons. */
  addPorts(key: string, chain: string, words: string, target: string, loaded: Loaded, families: readonly Family[] = this.families): void {
    const by = this.settings.at(key);
    for (const port of this.settings.listed(key))
      if (/^[\d:]*$/.test(port)) this.add(chain, `${words} --dport ${port} -j ${target}`, by, loaded, families);
      else this.stops.push({ line: by.line, what: `csf refuses ${shown(port)} in ${key}.` });
  }

  /** Of which family an address is that csf has rules for. */
  kindOf(text: string): Family | undefined {
    const family = kindOf(text);
    return family && this.families.includes(family) ? family : undefined;
  }

  /** The chain of a list, which may have the name of another. */
  declare(chain: string, by: Place): void {
    const { settings } = this;
    const what = `a list is called ${chain}, as something of csf's or iptables' own is`;
    if (/^INV(ALID|DROP)$/.test(chain) && settings.faststart && settings.isOn('PACKET_FILTER') && settings.isOn('LF_SPI'))
      this.stops.push({ line: by.line, what: `${what}.` });
    else if (TAKEN_NAMES.has(chain)) this.doubt(by, what);
    this.chains.add(chain);
  }

  private refused({ line, text }: Place, loaded: Loaded): void {
    const ends = loaded === 'or else' || (loaded === 'at once' && this.settings.faststart);
    const what = `iptables refuses what csf makes of ${shown(text)}.`;
    if (!ends) this.skip({ line }, what);
    else if (this.isNew('stop', line)) this.stops.push({ line, what });
  }

  private written(words: string, family: Family): string {
    const { settings } = this;
    const [device = ''] = settings.text('ETH_DEVICE').split(':');
    const own = family === 'ip6' && settings.text('ETH6_DEVICE') !== '' ? settings.text('ETH6_DEVICE') : device;
    const by = (way: string, name: string): string => (name === '' ? `! ${way} lo` : `${way} ${name}`);
    const states = settings.isOn(family === 'ip' ? 'LF_SPI' : 'IPV6_SPI');
    return settings
      .filled(words)
      .replace('@in4', by('-i', device))
      .replace('@out4', by('-o', device))
      .replace('@in', by('-i', own))
      .replace('@out', by('-o', own))
      .replace('@new', states ? NEW : '')
      .replace('@4new', settings.isOn('LF_SPI') ? NEW : '');
  }

  private ruleOf(words: string, { line, text }: Place): Rule | undefined {
    spend(1);
    try {
      return parseRule(split(words), line, text, say);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return undefined;
    }
  }

  /** As it runs. A chain that nothing is in, csf makes, too. */
  saved(): Saved {
    const { settings, sets, doubts } = this;
    const policy = (family: Family): Place => settings.at(family === 'ip' ? 'DROP' : 'IPV6');
    const tables = FAMILIES.flatMap((family): readonly Table[] => {
      const own = this.tables[family];
      const on = this.families.includes(family);
      const named = [...own.keys()].map((one) => (one.includes(' ') ? one.split(' ')[0]! : 'filter'));
      return (['raw', 'nat', 'filter'] as const)
        .filter((name) => name === 'filter' || named.includes(name))
        .map((name) => {
          const of = (chain: string): Rule[] => own.get(name === 'filter' ? chain : `${name} ${chain}`) ?? [];
          const { line } = policy(family);
          const keep = name === 'filter' && on ? 'drop' : 'accept';
          const built = TABLES[name].hooks.map((hook): Chain => ({ name: hook, line, policy: keep, rules: of(hook) }));
          const more = name === 'filter' && on ? [...this.chains].map((chain): Chain => ({ name: chain, line, rules: of(chain) })) : [];
          return tableOf(family, name, line, [...built, ...more]);
        });
    });
    return { tables, sets, hidden: doubts, warnsElsewhere: false };
  }
}

const NEW = '-m conntrack --ctstate NEW';
