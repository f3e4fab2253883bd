import { Family } from '../../../net/address';
import { spend } from '../../../net/work';
import { addressRange } from '../../../parse/netfilter/values';
import { shown } from '../../../problems/in-text';
import { Place } from '../../../parse/printed-files';
import { address } from '../../../parse/xtables/taken';
import { Ruleset } from './ruleset';

/** What is added to a set of ipset: `to` is the family of that set, which need not be its own. */
export interface Member extends Place {
  readonly to: Family;
}

/** What ipset has of members. */
export interface Held {
  readonly members: ReadonlySet<Member>;
  /** Because of this one it is not known which it has. */
  readonly unclear?: Member | undefined;
}

/** A kernel is given more at once than these. What stands in front of a word that is no address is lost with it, back to the last that it was given. */
const GIVEN_AT_ONCE = 100;

/**
 * Members of a list in the order in which they are added, with what is lost of them told; `together`: by one `ipset restore`, which ends with
 * the first that is refused. Undefined where ipset makes no set at all. Source: ipset 7.17, as it was tried.
 */
export function heldIn(csf: Ruleset, given: readonly Member[], list: string, together = true): Held | undefined {
  const most = csf.settings.mostMembers;
  if (most === undefined) return undefined;
  const members = new Set<Member>();
  const networks = { ip: new Set<string>(), ip6: new Set<string>() };
  let unclear: Member | undefined;
  for (const [at, member] of given.entries()) {
    spend(1);
    const text = member.text.toLowerCase();
    const taken = address(text, member.to);
    const range = taken === 'taken' && !text.endsWith('/0') ? addressRange(text)! : undefined;
    const own = networks[member.to];
    const key = range && `${range.first}-${range.last}`;
    if (key !== undefined && (own.has(key) || own.size < most)) {
      own.add(key);
      members.add(member);
      continue;
    }
    if (taken === 'unclear') unclear ??= member;
    else
      csf.skip(
        member,
        `ipset refuses ${shown(member.text)}${together ? `, and loads nothing of ${list} behind it` : ''}.`,
      );
    if (!together) continue;
    if (taken !== 'refused') break;
    return at < GIVEN_AT_ONCE ? { members: new Set() } : { members, unclear: member };
  }
  return { members, unclear };
}
