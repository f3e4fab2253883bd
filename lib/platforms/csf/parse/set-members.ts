// Computes the members that csf's ipsets really have: ipset refuses a batch with one wrong word.

import { Family } from '../../../net/address';
import { spendSteps } from '../../../net/step-budget';
import { parseAddressRange } from '../../../parse/netfilter/parse-values';
import { quoteForDisplay } from '../../../problems/line-problems';
import { SourceLocation } from '../../../parse/printed-files';
import { checkAddress } from '../../../parse/xtables/check-acceptance';
import { CsfRuleset } from './csf-ruleset';

/** A word that csf adds to a set of ipset. `to` is the family of that set, which may differ from the word's own. */
export interface SetMember extends SourceLocation {
  readonly to: Family;
}

/** The members that ipset has. */
export interface SetContents {
  readonly members: ReadonlySet<SetMember>;
  /** Its first member that makes the contents unknown; undefined if they are known. */
  readonly unknownMember?: SetMember | undefined;
}

/**
 * ipset gives a kernel more members at once than these. If a word isn't an address, the words before it are lost, too,
 * back to the last that the kernel got.
 */
const IPSET_BATCH_SIZE = 100;

/**
 * Returns the members of a list in the order in which csf adds them, and reports the lost ones. `isOneBatch`: one
 * `ipset restore` adds them, which ends with the first refused member. Undefined if ipset makes no set at all. Source:
 * ipset 7.17, by experiment.
 */
export function computeSetContents(
  csf: CsfRuleset,
  candidates: readonly SetMember[],
  list: string,
  isOneBatch = true,
): SetContents | undefined {
  const maxMembers = csf.settings.maxMembers;
  if (maxMembers === undefined) return undefined;
  const members = new Set<SetMember>();
  const networks = { ip: new Set<string>(), ip6: new Set<string>() };
  let unknownMember: SetMember | undefined;
  for (const [at, member] of candidates.entries()) {
    spendSteps(1);
    const text = member.text.toLowerCase();
    const acceptance = checkAddress(text, member.to);
    const range = acceptance === 'taken' && !text.endsWith('/0') ? parseAddressRange(text)! : undefined;
    const familyNetworks = networks[member.to];
    const key = range && `${range.first}-${range.last}`;
    if (key !== undefined && (familyNetworks.has(key) || familyNetworks.size < maxMembers)) {
      familyNetworks.add(key);
      members.add(member);
      continue;
    }
    if (acceptance === 'unclear') unknownMember ??= member;
    else
      csf.noteSkipped(
        member,
        `ipset refuses ${quoteForDisplay(member.text)}${isOneBatch ? `, and loads nothing of ${list} behind it` : ''}.`,
      );
    if (!isOneBatch) continue;
    if (acceptance !== 'refused') break;
    return at < IPSET_BATCH_SIZE ? { members: new Set() } : { members, unknownMember: member };
  }
  return { members, unknownMember };
}
