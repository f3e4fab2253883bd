import { Family } from '../../../net/address';
import { shown } from '../../../problems/in-text';
import { Place } from '../../../parse/printed-files';
import { Member, heldIn } from './held';
import { kindOf } from './kinds';
import { Loaded, Ruleset } from './ruleset';

/** What was kept out of the sources that a match holds: of these ports alone, or of all. */
export type KeptOut = (from: string, family: Family, by: Place, ports?: string) => void;

/** What a list of that name leads to, by the way that a packet goes. */
export const targetOf = (list: string, way: string): string => (list.endsWith('DENY') ? `$banned-${way}` : 'ACCEPT');

/** Lines as `csf -a`, `csf -d` and people write them, to the chains of a list. Source: linefilter of csf 15.10. */
export function addLines(csf: Ruleset, lines: readonly Place[], list: string, loaded: Loaded, keptOut?: KeptOut): void {
  const { settings } = csf;
  const inAlone = list.endsWith('DENY') && settings.isOn('LF_BLOCKINONLY');
  const lost = settings.isOn('LF_IPSET') ? lostOf(csf, lines, loaded === 'at once' && settings.faststart) : new Set();
  const add = (way: 'in' | 'out', words: string, by: Place, families = csf.families): void =>
    csf.add(list + way.toUpperCase(), `${words} -j ${targetOf(list, way)}`, by, loaded, families);
  for (const by of lines) {
    const line = by.text.toLowerCase();
    const family = kindOf(line);
    if (family) {
      if (lost.has(by) || !csf.families.includes(family)) continue;
      add('in', `@in -s ${line}`, by, [family]);
      if (!inAlone) add('out', `@out -d ${line}`, by, [family]);
      keptOut?.(`-s ${line}`, family, by);
      continue;
    }
    const fields = fieldsOf(line);
    if (!fields) continue;
    const { asked, way, owner, host, port } = fields;
    if (owner) add('out', `@out4 ${asked}`, by);
    const own = owner ? undefined : csf.kindOf(host.slice(3));
    if (own) add(way, `@${way}4 ${asked}`, by, [own]);
    if (own && way === 'in' && port.startsWith('d')) keptOut?.(host, own, by, port.slice(1));
  }
}

/** Addresses of a list that ipset doesn't have in the end: those of both families are loaded together. */
function lostOf(csf: Ruleset, lines: readonly Place[], together: boolean): ReadonlySet<Place> {
  const given = new Map<Place, Member>();
  for (const by of lines) {
    const to = csf.kindOf(by.text.toLowerCase());
    if (to) given.set(by, { ...by, to });
  }
  const { members, unclear } = heldIn(csf, [...given.values()], 'that list', together) ?? {};
  if (unclear)
    csf.doubt(unclear, `whether ipset takes ${shown(unclear.text)}, and what is loaded with it, is not known`);
  return new Set([...given].flatMap(([by, member]) => (members?.has(member) ? [] : [by])));
}

interface Fields {
  readonly asked: string;
  readonly way: 'in' | 'out';
  readonly owner: boolean;
  /** `-s 10.0.0.1`. */
  readonly host: string;
  /** `d22`. */
  readonly port: string;
}

/** `tcp|in|d=22|s=10.0.0.1`: each field is looked for behind the one before it, and what fits none is passed over. */
function fieldsOf(line: string): Fields | undefined {
  const fields = line.split(line.includes('|') ? '|' : ':');
  const isNamed = /^(tcp|udp|icmp)$/.test(fields[0]!);
  const protocol = isNamed ? fields[0]! : 'tcp';
  let from = isNamed ? 1 : 0;
  const next = (before: number, ...looks: readonly RegExp[]): readonly string[] => {
    for (let at = from; at < before; at++) {
      const found = looks.map((one) => one.exec(fields[at] ?? '')).find((one) => one !== null);
      if (found) from = at + 1;
      if (found) return found.slice(1);
    }
    return [];
  };
  const sides = [/(d)=(.*)/s, /(s)=(.*)/s];
  const [way = 'in'] = next(2, /^(in|out)$/);
  const [side = '', text = ''] = next(3, ...sides);
  const behindPort = from;
  const [hostSide = '', host = ''] = next(4, ...sides);
  from = behindPort;
  const [owner, who = ''] = next(5, /(u)=(.*)/s, /(g)=(.*)/s);
  const isSeveral = text.includes(',');
  const option = protocol === 'icmp' ? '--icmp-type' : `--${side}port${isSeveral ? 's' : ''}`;
  const port = protocol === 'icmp' && text.includes('_') ? '' : text.replace(/_/g, ':');
  const ports = side === '' ? '' : `${isSeveral ? '-m multiport ' : ''}${option} ${port}`;
  const known = { way: way as Fields['way'], host: `-${hostSide} ${host}`, port: side + text };
  if (owner !== undefined)
    return {
      ...known,
      asked: `-p ${protocol} ${side === 's' ? '' : ports} -m owner --${owner}id-owner ${who}`,
      owner: true,
    };
  return side === '' || hostSide === ''
    ? undefined
    : { ...known, asked: `-p ${protocol} ${known.host} ${ports}`, owner: false };
}
