// Finds the virtual IPs that an import of pfSense's config.xml carries over, those of imported 1:1 NAT entries, and
// gives a reason for each that it skips.

import { Prefix, toHostPrefix, getNetwork, toRange, printPrefix } from '../../../net/address';
import { covers, intersectRanges, toSingleRange, subtractRanges } from '../../../net/range';
import { ImportableVirtualIp, SkippedEntry } from '../../../parse/config-importer';
import { XmlElement } from '../../../xml/parse-xml';
import { PfsenseBox, getAddress } from '../parse/box/box';
import { getText } from '../parse/elements/element';
import { PfsenseVirtualIp, isLocal, findKind } from '../parse/box/virtual-ips';
import { createImportableEntry, explainOwned, findOwner } from './importable-entry';
import { OneToOneCandidate } from './find-one-to-ones';

export interface ImportedVirtualIps {
  readonly importable: readonly ImportableVirtualIp[];
  readonly skipped: readonly SkippedEntry[];
  /** Mappings whose virtual IP can't be expressed, with the reason. */
  readonly unusableMappings: ReadonlyMap<OneToOneCandidate, string>;
}

/**
 * Returns the virtual IPs of the candidates. `leftPrefixes` are the outside prefixes of skipped 1:1 entries. `stays`
 * gives by line why a virtual IP is skipped in any case.
 */
export function findVirtualIps(
  candidates: readonly OneToOneCandidate[],
  leftPrefixes: readonly Prefix[],
  box: PfsenseBox,
  stays: ReadonlyMap<number, string>,
): ImportedVirtualIps {
  const virtualIps: ImportableVirtualIp[] = [];
  const skipped: SkippedEntry[] = [];
  const unusableMappings = new Map<OneToOneCandidate, string>();
  const named = listVirtualIpNames(box.root);
  for (const vip of box.vips) {
    const entry = createImportableEntry(vip.element, 'virtual IP', getText(vip.element, 'subnet'));
    const external = getExternal(vip);
    const range = toRange(external);
    const users = candidates.filter((candidate) => intersectRanges(toRange(candidate.external), range) !== undefined);
    const reason =
      users.length === 0
        ? 'no 1:1 entry that is carried over uses it'
        : (stays.get(entry.line) ?? explainSkipped(vip, external, users, leftPrefixes, named));
    if (reason === undefined)
      virtualIps.push({
        entry,
        description: getText(vip.element, 'descr').trim(),
        interface: vip.key,
        external,
        ...parseVirtualIp(vip),
      });
    else skipped.push({ entry, reason });
    if (reason !== undefined)
      for (const user of users) unusableMappings.set(user, `${entry.label} can not be carried over: ${reason}`);
  }
  return { importable: virtualIps, skipped, unusableMappings };
}

/**
 * Returns the 1:1 entries whose public side the box has neither as a virtual IP nor as its own address. The intent says
 * that such a side is routed to the box.
 */
export const findUnanswered = (
  candidates: readonly OneToOneCandidate[],
  { vips, byKey }: PfsenseBox,
): readonly SkippedEntry[] =>
  candidates.flatMap(({ entry, external, interface: on, enabled }) => {
    const range = toRange(external);
    const interfaceAddress = getAddress(byKey.get(on), 'ip');
    const answered = [
      ...vips.map((vip) => toRange(getExternal(vip))),
      ...(interfaceAddress ? [toSingleRange(interfaceAddress.address)] : []),
    ];
    if (!enabled || subtractRanges([range], answered).length === 0) return [];
    const isOnLink =
      interfaceAddress !== undefined &&
      covers(toRange(getNetwork(interfaceAddress.address, interfaceAddress.length)), range);
    const advice = isOnLink
      ? 'It is in the network of its interface, where a router asks for it and the box gives no answer: add a virtual IP, unless a route leads here'
      : 'Where no router sends it here, add a virtual IP';
    return [
      {
        entry,
        reason: `no virtual IP has all of ${printPrefix(external)}, so the stack says delivery: 'routed' of it. ${advice}`,
      },
    ];
  });

/** Returns one address for kinds on the interface, a network for the others. */
const getExternal = (vip: PfsenseVirtualIp): Prefix =>
  isLocal(vip) ? toHostPrefix(vip.address) : getNetwork(vip.address, vip.length);

function explainSkipped(
  vip: PfsenseVirtualIp,
  outside: Prefix,
  users: readonly OneToOneCandidate[],
  leftPrefixes: readonly Prefix[],
  named: ReadonlySet<string>,
): string | undefined {
  const owner = findOwner(vip.element);
  if (owner !== undefined) return explainOwned(owner);
  if (getText(vip.element, 'interface').startsWith('_vip')) return 'it is stacked on a CARP address';
  if (named.has(`_vip${getText(vip.element, 'uniqid')}`))
    return 'others on the box refer to it: a stacked address, a gateway group or a VPN';
  if (!findKind(vip)) return `its kind is "${vip.kind}"`;
  const range = toRange(outside);
  if (leftPrefixes.some((other) => intersectRanges(toRange(other), range) !== undefined))
    return 'a 1:1 entry that stays uses it, too';
  if (users.some((user) => user.interface !== vip.key)) return 'a 1:1 entry of another interface uses it';
  return users.every((user) => covers(range, toRange(user.external)))
    ? undefined
    : 'it is a part of what its 1:1 entry stands for';
}

function parseVirtualIp(vip: PfsenseVirtualIp): Pick<ImportableVirtualIp, 'kind' | 'mask' | 'carp'> {
  const kind = findKind(vip) ?? 'other';
  const number = (field: string, otherwise: number): number => {
    const text = getText(vip.element, field);
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

/** Returns every `_vip…` name in the configuration. */
function listVirtualIpNames(root: XmlElement): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (element: XmlElement): void => {
    for (const name of element.text.match(/_vip\w+/g) ?? []) names.add(name);
    element.children.forEach(visit);
  };
  visit(root);
  return names;
}
