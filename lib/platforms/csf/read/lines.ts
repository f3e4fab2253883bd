import { Family } from '../../../net/address';
import { shown } from '../../../problems/in-text';
import { Place } from '../../../reading/printed-files';
import { Member, heldIn } from './held';
import { kindOf } from './kinds';
import { Loaded, Ruleset } from './ruleset';
import { Settings } from './settings';

/** What was kept out of the sources that a match holds: of these ports alone, or of all. */
export type KeptOut = (from: string, family: Family, by: Place, ports?: string) => void;

/** Lines as `csf -a`, `csf -d` and people write them, to the chains of a list. Source: linefilter of csf 15.10. */
export function addLines(csf: Ruleset, settings: Settings, lines: readonly Place[], list: string, loaded: Loaded, keptOut?: KeptOut): void {
  const keeps = list.endsWith('DENY');
  const to = keeps ? settings.dropped : { in: 'ACCEPT', out: 'ACCEPT' };
  const inward = !keeps || !settings.isOn('LF_BLOCKINONLY') ? [`${list}IN`, `${list}OUT`] : [`${list}IN`];
  const lost = settings.isOn('LF_IPSET') ? lostOf(csf, settings, lines, loaded === 'at once' && settings.faststart) : new Set();
  for (const by of lines) {
    const line = by.text.toLowerCase();
    const family = kindOf(line);
    if (family) {
      if (lost.has(by) || !csf.families.includes(family)) continue;
      for (const chain of inward) {
        const asked = chain.endsWith('IN') ? `@in -s ${line} -j ${to.in}` : `@out -d ${line} -j ${to.out}`;
        csf.add(chain, asked, by, loaded, [family]);
      }
      keptOut?.(`-s ${line}`, family, by);
      continue;
    }
    const fields = fieldsOf(line);
    if (!fields) continue;
    const { asked, way, owner, host } = fields;
    if (owner) csf.add(`${list}OUT`, `@out4 ${asked} -j ${to.out}`, by, loaded);
    const own = owner ? undefined : csf.kindOf(host.slice(3));
    if (own) csf.add(list + way.toUpperCase(), `@${way}4 ${asked} -j ${to[way]}`, by, loaded, [own]);
    if (own && way === 'in' && fields.port.startsWith('d')) keptOut?.(host, own, by, fields.port.slice(1));
  }
}

/** Addresses of a list that ipset doesn't have in the end: those of both families are loaded together. */
function lostOf(csf: Ruleset, settings: Settings, lines: readonly Place[], together: boolean): ReadonlySet<Place> {
  const given = lines.flatMap((by): readonly (Member & { readonly by: Place })[] => {
    const to = csf.kindOf(by.text.toLowerCase());
    return to ? [{ line: by.line, text: by.text, to, by }] : [];
  });
  const held = heldIn(csf, settings, given, 'that list', together);
  const unclear = held?.unclear;
  if (unclear) csf.doubt(unclear, `whether ipset takes ${shown(unclear.text)}, and what is loaded with it, is not known`);
  return new Set(given.filter((one) => !held?.members.has(one)).map(({ by }) => by));
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
    return { ...known, asked: `-p ${protocol} ${side === 's' ? '' : ports} -m owner --${owner}id-owner ${who}`, owner: true };
  return side === '' || hostSide === '' ? undefined : { ...known, asked: `-p ${protocol} ${known.host} ${ports}`, owner: false };
}
