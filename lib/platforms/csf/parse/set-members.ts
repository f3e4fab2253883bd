import { Family } from '../../../net/address';
import { spendSteps } from '../../../net/step-budget';
import { parseAddressRange } from '../../../parse/netfilter/parse-values';
import { quoteForDisplay } from '../../../problems/line-problems';
import { SourceLocation } from '../../../parse/printed-files';
import { checkAddress } from '../../../parse/xtables/check-acceptance';
import { CsfRuleset } from './csf-ruleset';

/** What is added to a set of ipset: `to` is the family of that set, which need not be its own. */
export interface SetMember extends SourceLocation {
  readonly to: Family;
}

/** What ipset has of members. */
export interface SetContents {
  readonly members: ReadonlySet<SetMember>;
  /** Because of this one it is not known which it has. */
  readonly unclear?: SetMember | undefined;
}

/** A kernel is given more at once than these. What stands in front of a word that is no address is lost with it, back to the last that it was given. */
const IPSET_BATCH_SIZE = 100;

/**
 * Members of a list in the order in which they are added, with what is lost of them told; `together`: by one `ipset restore`, which ends with
 * the first that is refused. Undefined where ipset makes no set at all. Source: ipset 7.17, as it was tried.
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
  let unclear: SetMember | undefined;
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
    if (acceptance === 'unclear') unclear ??= member;
    else
      csf.noteSkipped(
        member,
        `ipset refuses ${quoteForDisplay(member.text)}${isOneBatch ? `, and loads nothing of ${list} behind it` : ''}.`,
      );
    if (!isOneBatch) continue;
    if (acceptance !== 'refused') break;
    return at < IPSET_BATCH_SIZE ? { members: new Set() } : { members, unclear: member };
  }
  return { members, unclear };
}
