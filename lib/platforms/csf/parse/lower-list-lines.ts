// Lowers the lines of csf.allow, csf.deny and csf's other lists to rules: single addresses, and
// `tcp|in|d=22|s=192.0.2.1`.
import { Family } from '../../../net/address';
import { quoteForDisplay } from '../../../problems/line-problems';
import { SourceLocation } from '../../../parse/printed-files';
import { SetMember, computeSetContents } from './set-members';
import { detectFamily } from './address-family';
import { LoadMode, CsfRuleset } from './csf-ruleset';

/** Adds the messenger's rules for blocked sources, given by a match: for these ports, or for all without `ports`. */
export type AddMessengerRules = (from: string, family: Family, by: SourceLocation, ports?: string) => void;

/** Returns the target of a list of that name, by the direction of a packet. */
export const getTarget = (list: string, way: string): string => (list.endsWith('DENY') ? `$banned-${way}` : 'ACCEPT');

/**
 * Adds lines of the form that `csf -a`, `csf -d` and operators write, to the chains of a list. Source: linefilter of
 * csf 15.10.
 */
export function addLines(
  csf: CsfRuleset,
  lines: readonly SourceLocation[],
  list: string,
  loaded: LoadMode,
  keptOut?: AddMessengerRules,
): void {
  const { settings } = csf;
  const isInboundOnly = list.endsWith('DENY') && settings.isOn('LF_BLOCKINONLY');
  const lostLines = settings.isOn('LF_IPSET')
    ? findLostLines(csf, lines, loaded === 'at once' && settings.isFaststart)
    : new Set();
  const add = (way: 'in' | 'out', words: string, place: SourceLocation, families = csf.families): void =>
    csf.add(list + way.toUpperCase(), `${words} -j ${getTarget(list, way)}`, place, loaded, families);
  for (const place of lines) {
    const line = place.text.toLowerCase();
    const family = detectFamily(line);
    if (family) {
      if (lostLines.has(place) || !csf.families.includes(family)) continue;
      add('in', `@in -s ${line}`, place, [family]);
      if (!isInboundOnly) add('out', `@out -d ${line}`, place, [family]);
      keptOut?.(`-s ${line}`, family, place);
      continue;
    }
    const fields = parseFields(line);
    if (!fields) continue;
    const { asked: match, direction, owner, host, port } = fields;
    if (owner) add('out', `@out4 ${match}`, place);
    const hostFamily = owner ? undefined : csf.detectFamily(host.slice(3));
    if (hostFamily) add(direction, `@${direction}4 ${match}`, place, [hostFamily]);
    if (hostFamily && direction === 'in' && port.startsWith('d')) keptOut?.(host, hostFamily, place, port.slice(1));
  }
}

/** Returns the places of addresses that ipset lacks in the end: csf loads those of both families in one batch. */
function findLostLines(
  csf: CsfRuleset,
  lines: readonly SourceLocation[],
  together: boolean,
): ReadonlySet<SourceLocation> {
  const membersByPlace = new Map<SourceLocation, SetMember>();
  for (const place of lines) {
    const to = csf.detectFamily(place.text.toLowerCase());
    if (to) membersByPlace.set(place, { ...place, to });
  }
  const { members, unknownMember } = computeSetContents(csf, [...membersByPlace.values()], 'that list', together) ?? {};
  if (unknownMember)
    csf.noteUnknown(
      unknownMember,
      `whether ipset takes ${quoteForDisplay(unknownMember.text)}, and what is loaded with it, is not known`,
    );
  return new Set([...membersByPlace].flatMap(([place, member]) => (members?.has(member) ? [] : [place])));
}

interface CsfLineFields {
  readonly asked: string;
  readonly direction: 'in' | 'out';
  readonly owner: boolean;
  /** `-s 10.0.0.1`. */
  readonly host: string;
  /** `d22`. */
  readonly port: string;
}

/**
 * Parses `tcp
 * in
 * d=22
 * s=10.0.0.1`: csf looks for each field after the one before it, and ignores a field that fits none.
 */
function parseFields(line: string): CsfLineFields | undefined {
  const fields = line.split(line.includes('|') ? '|' : ':');
  const isNamed = /^(tcp|udp|icmp)$/.test(fields[0]!);
  const protocol = isNamed ? fields[0]! : 'tcp';
  let from = isNamed ? 1 : 0;
  const takeNext = (before: number, ...looks: readonly RegExp[]): readonly string[] => {
    for (let at = from; at < before; at++) {
      const parts = looks.map((form) => form.exec(fields[at] ?? '')).find((form) => form !== null);
      if (parts) from = at + 1;
      if (parts) return parts.slice(1);
    }
    return [];
  };
  const sides = [/(d)=(.*)/s, /(s)=(.*)/s];
  const [way = 'in'] = takeNext(2, /^(in|out)$/);
  const [side = '', text = ''] = takeNext(3, ...sides);
  const behindPort = from;
  const [hostSide = '', host = ''] = takeNext(4, ...sides);
  from = behindPort;
  const [owner, who = ''] = takeNext(5, /(u)=(.*)/s, /(g)=(.*)/s);
  const isSeveral = text.includes(',');
  const option = protocol === 'icmp' ? '--icmp-type' : `--${side}port${isSeveral ? 's' : ''}`;
  const port = protocol === 'icmp' && text.includes('_') ? '' : text.replace(/_/g, ':');
  const ports = side === '' ? '' : `${isSeveral ? '-m multiport ' : ''}${option} ${port}`;
  const common = { direction: way as CsfLineFields['direction'], host: `-${hostSide} ${host}`, port: side + text };
  if (owner !== undefined)
    return {
      ...common,
      asked: `-p ${protocol} ${side === 's' ? '' : ports} -m owner --${owner}id-owner ${who}`,
      owner: true,
    };
  return side === '' || hostSide === ''
    ? undefined
    : { ...common, asked: `-p ${protocol} ${common.host} ${ports}`, owner: false };
}
