import { FAMILIES, Family } from '../../../net/address';
import { shown } from '../../../problems/in-text';
import { Place } from '../../../parse/printed-files';
import { Built } from '../../../parse/xtables/built';
import { AtLine } from '../../../parse/xtables/made';
import { TARGETS } from '../../../parse/xtables/options';
import { Taken, address, takenBy } from '../../../parse/xtables/taken';
import { Files, split } from './files';
import { HookRule } from './hooks';
import { kindOf } from './kinds';
import { say } from './problems';
import { Settings } from './settings';

/**
 * What csf does with a rule that iptables refuses: of many that are loaded at once it takes all rules away, with FASTSTART; of one alone it
 * says so and goes on; or it takes all rules away in any case.
 */
export type Loaded = 'at once' | 'alone' | 'or else';

/** Chains of table filter beside the kernel's; those of lists of others come with their names. */
const CHAINS =
  `LOGDROPIN LOGDROPOUT DENYIN DENYOUT ALLOWIN ALLOWOUT LOCALINPUT LOCALOUTPUT INVALID INVDROP SMTPOUTPUT SYNFLOOD PORTFLOOD
  CONNLIMIT UDPFLOOD GALLOWIN GALLOWOUT GDENYIN GDENYOUT ALLOWDYNIN ALLOWDYNOUT GDYNIN GDYNOUT CC_ALLOW CC_DENY CC_ALLOWF CC_ALLOWP
  CC_ALLOWPORTS CC_DENYP CC_DENYPORTS`.split(/\s+/);

/** Names that no list can have for itself, beside those of targets. */
const TAKEN_NAMES = new Set([
  ...CHAINS,
  ...'INPUT OUTPUT FORWARD PREROUTING POSTROUTING LOGACCEPT BLOCKDROP CCDROP'.split(' '),
]);

/** What csf has built so far: rules in the order in which they are asked. */
export class Ruleset extends Built {
  readonly stops: AtLine[] = [];
  /** Of IPv6 where that is on. */
  readonly families: readonly Family[];

  constructor(
    readonly settings: Settings,
    readonly files: Files,
  ) {
    const ip6 = { policy: settings.ipv6 ? 'drop' : 'accept', chains: settings.ipv6 } as const;
    super(
      say,
      { ip: { ...settings.at('DROP'), policy: 'drop', chains: true }, ip6: { ...settings.at('IPV6'), ...ip6 } },
      CHAINS,
    );
    this.families = settings.ipv6 ? FAMILIES : ['ip'];
  }

  /**
   * A rule at the end of a chain (`nat PREROUTING`; without a table: filter's), as iptables takes it. `@in`, `@out`: by the interfaces of the
   * family; `@in4`, `@out4`: by those of IPv4 in both, as csf has it; `@new`, `@4new`: of a new connection, where the filter of the family, or
   * of IPv4, knows connections.
   */
  add(
    chain: string,
    words: string,
    by: Place,
    loaded: Loaded = 'alone',
    families: readonly Family[] = this.families,
  ): void {
    for (const family of families) {
      const rule = this.ruleOf(split(this.filled(words, family)), by);
      if (this.isTaken(rule ? takenBy(rule, family, this.chains) : 'refused', by, loaded) && rule)
        this.put(family, chain, rule);
    }
  }

  /** A rule that a hook adds, as iptables takes it; false where nobody here knows that it does. */
  addBy({ family, chain, first, words }: HookRule): boolean {
    const rule = this.families.includes(family) ? this.ruleOf(split(words.text), words) : undefined;
    if (!rule || takenBy(rule, family, this.chains) !== 'taken') return false;
    this.put(family, chain, rule, first);
    return true;
  }

  /** Whether iptables takes an address that a rule of its own is made of, many at once. */
  takes(by: Place, family: Family): boolean {
    return this.isTaken(address(by.text.toLowerCase(), family), by, 'at once');
  }

  private isTaken(taken: Taken, { line, text }: Place, loaded: Loaded): boolean {
    const ends = loaded === 'or else' || (loaded === 'at once' && this.settings.faststart);
    const what = `iptables refuses what csf makes of ${shown(text)}.`;
    if (taken === 'unclear') this.doubt({ line }, `whether iptables takes ${shown(text)} is not known`);
    else if (taken === 'refused' && !ends) this.skip({ line }, what);
    else if (taken === 'refused' && this.isNew('stop', line)) this.stops.push({ line, what });
    return taken === 'taken';
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
    if (
      /^INV(ALID|DROP)$/.test(chain) &&
      settings.faststart &&
      settings.isOn('PACKET_FILTER') &&
      settings.isOn('LF_SPI')
    )
      this.stops.push({ line: by.line, what: `${what}.` });
    else if (TAKEN_NAMES.has(chain) || TARGETS.has(chain)) this.doubt(by, what);
    this.chains.add(chain);
  }

  private filled(words: string, family: Family): string {
    const { settings } = this;
    const [device = ''] = settings.text('ETH_DEVICE').split(':');
    const own = (family === 'ip6' && settings.text('ETH6_DEVICE')) || device;
    const by = (way: string, name: string): string => (name === '' ? `! ${way} lo` : `${way} ${name}`);
    const fresh = (on: boolean): string => (on ? '-m conntrack --ctstate NEW' : '');
    return settings
      .filled(words)
      .replace('@in4', by('-i', device))
      .replace('@out4', by('-o', device))
      .replace('@in', by('-i', own))
      .replace('@out', by('-o', own))
      .replace('@new', fresh(settings.knows(family)))
      .replace('@4new', fresh(settings.knows('ip')));
  }
}
