import { Family } from '../../../net/address';
import { spend } from '../../../net/work';
import { addressRange } from '../../../reading/netfilter/values';
import { shown } from '../../../problems/in-text';
import { Place } from '../../../reading/printed-files';
import { address } from '../../../reading/xtables/taken';
import { Ruleset } from './ruleset';
import { Settings } from './settings';

/** What is added to a set of ipset: `to` is the family of that set, which need not be its own. */
export interface Member extends Place {
  readonly to: Family;
}

/** What ipset has of members. */
export interface Held {
  readonly members: ReadonlySet<Member>;
  /** Those that it refuses; of many that are loaded together, the first, with which all behind it are lost. */
  readonly refused: readonly Member[];
  /** Because of this one it is not known which it has. */
  readonly unclear?: Member;
}

/** A kernel is given more at once than these. What stands in front of a word that is no address is lost with it, back to the last that it was given. */
const GIVEN_AT_ONCE = 100;

/**
 * Members in the order in which they are added; `together`: by one `ipset restore`, which ends with the first that is refused. `most` of each
 * set. Source: ipset 7.17, as it was tried.
 */
function heldOf(members: readonly Member[], most: number, together: boolean): Held {
  const held = new Set<Member>();
  const refused: Member[] = [];
  const networks = { ip: new Set<string>(), ip6: new Set<string>() };
  let unclear: Member | undefined;
  for (const [at, member] of members.entries()) {
    spend(1);
    const taken = address(member.text.toLowerCase(), member.to);
    const range = taken === 'taken' ? addressRange(member.text.toLowerCase())! : undefined;
    const own = networks[member.to];
    const key = range && `${range.first}-${range.last}`;
    if (key !== undefined && !member.text.endsWith('/0') && (own.has(key) || own.size < most)) {
      own.add(key);
      held.add(member);
      continue;
    }
    if (taken === 'unclear') unclear ??= member;
    else refused.push(member);
    if (!together) continue;
    if (taken === 'refused' && at < GIVEN_AT_ONCE) return { members: new Set(), refused };
    return taken === 'refused' ? { members: held, refused, unclear: member } : { members: held, refused, ...(unclear ? { unclear } : {}) };
  }
  return { members: held, refused, ...(unclear ? { unclear } : {}) };
}

/** The same of a list, with what is lost of it told; undefined where ipset makes no set at all. */
export function heldIn(csf: Ruleset, settings: Settings, members: readonly Member[], list: string, together = true): Held | undefined {
  const most = settings.mostMembers;
  const held = most === undefined ? undefined : heldOf(members, most, together);
  for (const one of held?.refused ?? [])
    csf.skip(one, `ipset refuses ${shown(one.text)}${together ? `, and loads nothing of ${list} behind it` : ''}.`);
  return held;
}
