// Collects the iptables rules that csf loads, while they are built from its files. Models csf's reaction to a rule
// that iptables refuses: it goes on, or removes all rules.

import { FAMILIES, Family } from '../../../net/address';
import { quoteForDisplay } from '../../../problems/line-problems';
import { SourceLocation } from '../../../parse/printed-files';
import { XtablesBuilder } from '../../../parse/xtables/ruleset-builder';
import { LineNote } from '../../../parse/xtables/load-notes';
import { TARGETS } from '../../../parse/xtables/option-tables';
import { Acceptance, checkAddress, checkAcceptance } from '../../../parse/xtables/check-acceptance';
import { CsfFiles, splitWords } from './csf-files';
import { HookRule } from './hook-scripts';
import { detectFamily } from './address-family';
import { messages } from './parse-problems';
import { CsfSettings } from './csf-settings';

/**
 * csf's reaction to a rule that iptables refuses. `at once`: csf loads many rules in one batch, and with FASTSTART
 * removes all rules. `alone`: csf reports it and goes on. `or else`: csf removes all rules in any case.
 */
export type LoadMode = 'at once' | 'alone' | 'or else';

/** Chains of table filter beside the kernel's; chains of block lists are added with their names. */
const CSF_CHAINS =
  `LOGDROPIN LOGDROPOUT DENYIN DENYOUT ALLOWIN ALLOWOUT LOCALINPUT LOCALOUTPUT INVALID INVDROP SMTPOUTPUT SYNFLOOD PORTFLOOD
  CONNLIMIT UDPFLOOD GALLOWIN GALLOWOUT GDENYIN GDENYOUT ALLOWDYNIN ALLOWDYNOUT GDYNIN GDYNOUT CC_ALLOW CC_DENY CC_ALLOWF CC_ALLOWP
  CC_ALLOWPORTS CC_DENYP CC_DENYPORTS`.split(/\s+/);

/** Names that no list can use, in addition to those of targets. */
const TAKEN_NAMES = new Set([
  ...CSF_CHAINS,
  ...'INPUT OUTPUT FORWARD PREROUTING POSTROUTING LOGACCEPT BLOCKDROP CCDROP'.split(' '),
]);

/** The rules that csf has built so far, in the order of evaluation. */
export class CsfRuleset extends XtablesBuilder {
  readonly stops: LineNote[] = [];
  /** IPv6 is among them only if it is on. */
  readonly families: readonly Family[];

  constructor(
    readonly settings: CsfSettings,
    readonly files: CsfFiles,
  ) {
    const ip6 = { policy: settings.hasIpv6 ? 'drop' : 'accept', chains: settings.hasIpv6 } as const;
    super(
      messages,
      {
        ip: { ...settings.getPlace('DROP'), policy: 'drop', chains: true },
        ip6: { ...settings.getPlace('IPV6'), ...ip6 },
      },
      CSF_CHAINS,
    );
    this.families = settings.hasIpv6 ? FAMILIES : ['ip'];
  }

  /**
   * Adds a rule at the end of a chain (`nat PREROUTING`; without a table: filter's), if iptables accepts it. `@in`,
   * `@out`: by the interfaces of the family; `@in4`, `@out4`: by those of IPv4 in both families, like csf; `@new`,
   * `@4new`: of a new connection, if the filter of the family, or of IPv4, tracks connections.
   */
  add(
    chain: string,
    words: string,
    place: SourceLocation,
    loaded: LoadMode = 'alone',
    families: readonly Family[] = this.families,
  ): void {
    for (const family of families) {
      const rule = this.parseWords(splitWords(this.fillRule(words, family)), place);
      if (this.reportAcceptance(rule ? checkAcceptance(rule, family, this.chains) : 'refused', place, loaded) && rule)
        this.insertRule(family, chain, rule);
    }
  }

  /** Adds a rule of a hook, if iptables accepts it. Returns false if that isn't known. */
  addHookRule({ family, chain, first, words }: HookRule): boolean {
    const rule = this.families.includes(family) ? this.parseWords(splitWords(words.text), words) : undefined;
    if (!rule || checkAcceptance(rule, family, this.chains) !== 'taken') return false;
    this.insertRule(family, chain, rule, first);
    return true;
  }

  /** Returns whether iptables accepts an address of a rule in a batch. */
  acceptsAddress(place: SourceLocation, family: Family): boolean {
    return this.reportAcceptance(checkAddress(place.text.toLowerCase(), family), place, 'at once');
  }

  private reportAcceptance(taken: Acceptance, { line, text }: SourceLocation, loaded: LoadMode): boolean {
    const ends = loaded === 'or else' || (loaded === 'at once' && this.settings.isFaststart);
    const what = `iptables refuses what csf makes of ${quoteForDisplay(text)}.`;
    if (taken === 'unclear') this.noteUnknown({ line }, `whether iptables takes ${quoteForDisplay(text)} is not known`);
    else if (taken === 'refused' && !ends) this.noteSkipped({ line }, what);
    else if (taken === 'refused' && this.isNew('stop', line)) this.stops.push({ line, what });
    return taken === 'taken';
  }

  /** Returns the family of an address, if csf has rules of that family. */
  detectFamily(text: string): Family | undefined {
    const family = detectFamily(text);
    return family && this.families.includes(family) ? family : undefined;
  }

  /** Declares the chain of a list, whose name may already be taken. */
  declareChain(chain: string, place: SourceLocation): void {
    const { settings } = this;
    const what = `a list is called ${chain}, as something of csf's or iptables' own is`;
    if (
      /^INV(ALID|DROP)$/.test(chain) &&
      settings.isFaststart &&
      settings.isOn('PACKET_FILTER') &&
      settings.isOn('LF_SPI')
    )
      this.stops.push({ line: place.line, what: `${what}.` });
    else if (TAKEN_NAMES.has(chain) || TARGETS.has(chain)) this.noteUnknown(place, what);
    this.chains.add(chain);
  }

  private fillRule(words: string, family: Family): string {
    const { settings } = this;
    const [device = ''] = settings.getText('ETH_DEVICE').split(':');
    const familyDevice = (family === 'ip6' && settings.getText('ETH6_DEVICE')) || device;
    const place = (way: string, name: string): string => (name === '' ? `! ${way} lo` : `${way} ${name}`);
    const matchNew = (on: boolean): string => (on ? '-m conntrack --ctstate NEW' : '');
    return settings
      .fill(words)
      .replace('@in4', place('-i', device))
      .replace('@out4', place('-o', device))
      .replace('@in', place('-i', familyDevice))
      .replace('@out', place('-o', familyDevice))
      .replace('@new', matchNew(settings.tracksConnections(family)))
      .replace('@4new', matchNew(settings.tracksConnections('ip')));
  }
}
