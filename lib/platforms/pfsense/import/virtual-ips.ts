import { Prefix, hostPrefix, networkOf, prefixRange, printPrefix } from '../../../net/address';
import { covers, overlap, point, without } from '../../../net/range';
import { FoundVirtualIp, Left } from '../../../parse/importing';
import { XmlElement } from '../../../xml/xml';
import { Box, addressOn } from '../parse/box/box';
import { textAt } from '../parse/elements/element';
import { Vip, isLocal, kindOf } from '../parse/box/vips';
import { entryOf, oursAlready, ownerOf } from './entries';
import { Candidate } from './one-to-ones';

export interface VirtualIps {
  readonly found: readonly FoundVirtualIp[];
  readonly left: readonly Left[];
  /** Mappings whose virtual IP can't be said, and why. */
  readonly spoiled: ReadonlyMap<Candidate, string>;
}

/** `others`: what 1:1 entries that are left stand for. `stays`: why virtual IPs are left whatever they are, by line. */
export function virtualIpsFor(
  candidates: readonly Candidate[],
  others: readonly Prefix[],
  box: Box,
  stays: ReadonlyMap<number, string>,
): VirtualIps {
  const found: FoundVirtualIp[] = [];
  const left: Left[] = [];
  const spoiled = new Map<Candidate, string>();
  const named = namesOfVips(box.root);
  for (const vip of box.vips) {
    const entry = entryOf(vip.element, 'virtual IP', textAt(vip.element, 'subnet'));
    const outside = outsideOf(vip);
    const range = prefixRange(outside);
    const users = candidates.filter((one) => overlap(prefixRange(one.outside), range) !== undefined);
    const why =
      users.length === 0
        ? 'no 1:1 entry that is carried over uses it'
        : (stays.get(entry.line) ?? whyNot(vip, outside, users, others, named));
    if (why === undefined)
      found.push({
        entry,
        description: textAt(vip.element, 'descr').trim(),
        interface: vip.key,
        outside,
        ...saidOf(vip),
      });
    else left.push({ entry, why });
    if (why !== undefined)
      for (const user of users) spoiled.set(user, `${entry.called} can not be carried over: ${why}`);
  }
  return { found, left, spoiled };
}

/** 1:1 entries whose public side the box has neither as a virtual IP nor itself: an intent says of it that it is routed to the box. */
export const findUnanswered = (candidates: readonly Candidate[], { vips, byKey }: Box): readonly Left[] =>
  candidates.flatMap(({ entry, outside, interface: on, enabled }) => {
    const range = prefixRange(outside);
    const own = addressOn(byKey.get(on), 'ip');
    const answered = [...vips.map((vip) => prefixRange(outsideOf(vip))), ...(own ? [point(own.address)] : [])];
    if (!enabled || without([range], answered).length === 0) return [];
    const isOnLink = own !== undefined && covers(prefixRange(networkOf(own.address, own.length)), range);
    const advice = isOnLink
      ? 'It is in the network of its interface, where a router asks for it and the box gives no answer: add a virtual IP, unless a route leads here'
      : 'Where no router sends it here, add a virtual IP';
    return [
      {
        entry,
        why: `no virtual IP has all of ${printPrefix(outside)}, so the stack says delivery: 'routed' of it. ${advice}`,
      },
    ];
  });

/** One address for kinds that put it on the interface; the others stand for a network. */
const outsideOf = (vip: Vip): Prefix => (isLocal(vip) ? hostPrefix(vip.address) : networkOf(vip.address, vip.length));

function whyNot(
  vip: Vip,
  outside: Prefix,
  users: readonly Candidate[],
  others: readonly Prefix[],
  named: ReadonlySet<string>,
): string | undefined {
  const owner = ownerOf(vip.element);
  if (owner !== undefined) return oursAlready(owner);
  if (textAt(vip.element, 'interface').startsWith('_vip')) return 'it is stacked on a CARP address';
  if (named.has(`_vip${textAt(vip.element, 'uniqid')}`))
    return 'others on the box refer to it: a stacked address, a gateway group or a VPN';
  if (!kindOf(vip)) return `its kind is "${vip.kind}"`;
  const range = prefixRange(outside);
  if (others.some((other) => overlap(prefixRange(other), range) !== undefined))
    return 'a 1:1 entry that stays uses it, too';
  if (users.some((user) => user.interface !== vip.key)) return 'a 1:1 entry of another interface uses it';
  return users.every((user) => covers(range, prefixRange(user.outside)))
    ? undefined
    : 'it is a part of what its 1:1 entry stands for';
}

function saidOf(vip: Vip): Pick<FoundVirtualIp, 'kind' | 'mask' | 'carp'> {
  const kind = kindOf(vip) ?? 'other';
  const number = (field: string, otherwise: number): number => {
    const text = textAt(vip.element, field);
    return /^\d{1,3}$/.test(text) ? Number(text) : otherwise;
  };
  return {
    kind,
    mask: vip.length,
    ...(kind === 'carp'
      ? { carp: { vhid: number('vhid', 0), advertiseSeconds: number('advbase', 1), skew: number('advskew', 0) } }
      : {}),
  };
}

/** Every `_vip…` that stands somewhere. */
function namesOfVips(root: XmlElement): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (element: XmlElement): void => {
    for (const name of element.text.match(/_vip\w+/g) ?? []) names.add(name);
    element.children.forEach(visit);
  };
  visit(root);
  return names;
}
