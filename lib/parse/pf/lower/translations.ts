import { FAMILY_RANGE, familyOf } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, point } from '../../../net/range';
import { Field } from '../../../evaluator/fields';
import { End, LoweredRule, Target } from '../../../evaluator/model';
import { Known, surely } from '../known';
import { matched, widestOf } from '../matched';
import { Asked } from './left-out';
import { PfBinat, PfLine, PfMatch, PfNat, PfRedirect, isOn, said } from '../model';
import { blocksOf, byPorts } from './pieces';
import { lineOf, matching, ofPackets, verdict } from './rule';

const LEFT_ALONE: End = verdict({ is: 'accept' });
const skips = (pass: boolean) => (pass ? ({ skipsFilter: true } as const) : {});

const translate = (
  kind: 'dnat' | 'snat',
  addresses: Range | undefined,
  pass: boolean,
  random = false,
  port?: number,
): End => {
  const to: Target = {
    prefix: true,
    ...(addresses ? { addresses, family: familyOf(addresses.first) } : {}),
    ...(port === undefined ? {} : { ports: point(port) }),
  };
  return { is: 'translate', kind, to, random, ...skips(pass) };
};

export function redirected(rule: PfRedirect): readonly LoweredRule[] {
  const { to, pass, line } = rule;
  if (rule.no || !to) return matching(rule, LEFT_ALONE);
  const among = to.is === 'address' ? [point(to.address)] : to.is === 'bitmask' ? [to.network] : to.among;
  return byPorts(widestOf(rule), to.port).flatMap(({ packets, port }) => {
    const oneOf = (because: string): readonly LoweredRule[] => {
      const ported = typeof port === 'number' ? { port } : {};
      return matching(
        rule,
        { is: 'one of', kind: 'dnat', among, because: said(line, because), ...ported, ...skips(pass) },
        packets,
      );
    };
    if (port === 'unclear') return oneOf('its ports are spread over others');
    if (to.is === 'unclear') return oneOf(to.because);
    const range = to.is === 'address' ? point(to.address) : to.network;
    return (
      keepingHosts(rule, 'destination', range, packets, translate('dnat', range, pass, false, port)) ??
      oneOf('it is mapped by blocks')
    );
  });
}

/** A rewriting that keeps the host's bits: to the one network from every network of that size. Undefined where these are too many. */
function keepingHosts(
  match: PfMatch,
  axis: 'source' | 'destination',
  network: Range,
  packets: PacketSet,
  end: End,
): readonly LoweredRule[] | undefined {
  if (network.first === network.last) return matching(match, end, packets);
  return blocksOf(axis, packets, network)?.flatMap((block) => matching(match, end, packets, isIn(axis, block)));
}

/** Packets of one network, which tells what distance they are moved by: a single address is set, whatever stands beside it. */
function isIn(axis: 'source' | 'destination', range: Range): LoweredRule['conditions'] {
  if (range.first === range.last) return [];
  const members = { tuples: [{ values: [{ is: 'addresses', range } as const], fleeting: false }], learned: false };
  return [{ is: 'member', fields: [FIELDS[axis]], members, negated: false }];
}

const FIELDS: Readonly<Record<'source' | 'destination', Field>> = {
  source: { name: 'source', looksAt: { is: 'address', axis: 'source' } },
  destination: { name: 'destination', looksAt: { is: 'address', axis: 'destination' } },
};

interface OneToOne {
  readonly inside: Range;
  readonly outside: Range;
  readonly line: PfLine;
}

/** One address for one, whoever the peer is. */
function oneToOne({ no, pass, inside, outside, peers, protocols, line }: PfBinat): OneToOne | undefined {
  const plain = !no && !pass && peers.perhaps.length === 0 && protocols === 'any';
  if (!plain || !outside || inside.first !== inside.last || outside.first !== outside.last) return undefined;
  return isWhole(peers.sure, inside) ? { inside, outside, line } : undefined;
}

const isWhole = (peers: readonly Range[], { first }: Range): boolean =>
  peers.some(
    (range) => range.first <= FAMILY_RANGE[familyOf(first)].first && FAMILY_RANGE[familyOf(first)].last <= range.last,
  );

/** A 1:1 rule, its place in the whole list, and what it is a map's entry for, where it is one. */
interface Mapped {
  readonly rule: PfBinat;
  readonly at: number;
  readonly entry: OneToOne | undefined;
}

/** The rules of an interface. What leads two addresses to one is no entry. */
export function mappedOn(rules: readonly PfBinat[], name: string): readonly Mapped[] {
  const mine = [...rules.entries()].filter(([, rule]) => isOn(rule, name));
  const times = new Map<bigint, number>();
  for (const [, { inside, outside }] of mine)
    for (const { first } of outside ? [inside, outside] : [inside]) times.set(first, 1 + (times.get(first) ?? 0));
  const isAlone = ({ first }: Range): boolean => times.get(first) === 1;
  return mine.map(([at, rule]) => {
    const one = oneToOne(rule);
    return { rule, at, entry: one && isAlone(one.inside) && isAlone(one.outside) ? one : undefined };
  });
}

/** As packets meet the 1:1 rules that come in. `asked`: the kernel may leave one out for what stands before it, so that each is asked by itself. */
export const cameInBy = (rules: readonly Mapped[], asked: readonly Asked[] | undefined): LoweredRule[] =>
  asked
    ? rules.flatMap(({ rule, at }) => cameIn(rule, asked[at]))
    : inMaps('dnat', rules, (rule) => cameIn(rule, undefined));

export const wentOutBy = (rules: readonly Mapped[]): LoweredRule[] => inMaps('snat', rules, wentOut);

/** Entries that follow each other are a map from one address to one. */
function inMaps(
  kind: 'dnat' | 'snat',
  rules: readonly Mapped[],
  otherwise: (rule: PfBinat) => readonly LoweredRule[],
): LoweredRule[] {
  const made: LoweredRule[] = [];
  let run: OneToOne[] = [];
  const flush = (): void => {
    if (run.length > 0) made.push(mapOf(kind, run));
    run = [];
  };
  for (const { rule, entry } of rules) {
    if (entry) run.push(entry);
    else {
      flush();
      made.push(...otherwise(rule));
    }
  }
  flush();
  return made;
}

function mapOf(kind: 'dnat' | 'snat', run: readonly OneToOne[]): LoweredRule {
  const [from, to] = kind === 'dnat' ? (['outside', 'inside'] as const) : (['inside', 'outside'] as const);
  const entries = run.map((one) => ({
    values: [{ is: 'addresses', range: one[from] } as const],
    fleeting: false,
    to: { addresses: one[to], prefix: false, family: familyOf(one[to].first) },
    by: lineOf(one.line),
  }));
  const fields = [FIELDS[kind === 'dnat' ? 'destination' : 'source']];
  return {
    ...lineOf(run[0]!.line),
    conditions: [],
    end: { is: 'look up', kind, fields, entries, random: false, learned: false },
  };
}

function cameIn(rule: PfBinat, asked: Asked | undefined): readonly LoweredRule[] {
  const { inside, outside, peers, pass, line } = rule;
  const translated = rule.no ? undefined : outside;
  const match = translated ? between(rule, peers, surely([translated])) : wentOutOf(rule);
  const sure = asked ? match.packets.within(asked.sure) : match.packets;
  const may = asked ? widestOf(match).within(asked.sure.or(asked.perhaps)) : widestOf(match);
  const because = match.perhaps?.because ?? 'whether the kernel leaves it out for what stands before it is not known';
  if (may.isEmpty) return [];
  if (!translated) return [ofPackets(lineOf(line), sure, may, because, LEFT_ALONE)];
  // Of `any` inside there is no network whose bits could be set.
  const whole = inside.last - inside.first !== translated.last - translated.first;
  return [
    ofPackets(
      lineOf(line),
      sure,
      may,
      because,
      translate('dnat', whole ? undefined : inside, pass),
      isIn('destination', translated),
    ),
  ];
}

const between = ({ line, on, inside, protocols }: PfBinat, source: Known, destination: Known): PfMatch =>
  matched({
    line,
    on,
    family: familyOf(inside.first),
    source,
    destination,
    ...(protocols === 'any' ? {} : { protocols }),
  });

/** What comes from its inside to its peers. */
const wentOutOf = (rule: PfBinat): PfMatch => between(rule, surely([rule.inside]), rule.peers);

/** As packets see it that come from its inside. */
function wentOut(rule: PfBinat): readonly LoweredRule[] {
  const { inside, outside, pass } = rule;
  const match = wentOutOf(rule);
  if (rule.no || !outside) return matching(match, LEFT_ALONE);
  const end = translate('snat', outside, pass);
  if (inside.last - inside.first === outside.last - outside.first)
    return matching(match, end, PacketMap.ALL, isIn('source', inside));
  return (
    keepingHosts(match, 'source', outside, widestOf(match), end) ??
    matching(match, oneSource(rule, 'it is mapped by blocks'))
  );
}

const oneSource = ({ line, pass }: PfNat | PfBinat, because: string): End => ({
  is: 'one of',
  kind: 'snat',
  among: undefined,
  because: said(line, because),
  ...skips(pass),
});

export function natted(rule: PfNat): readonly LoweredRule[] {
  const { to, pass } = rule;
  if (rule.no || !to) return matching(rule, LEFT_ALONE);
  if (to.is === 'unclear') return matching(rule, oneSource(rule, to.because));
  const range = to.is === 'address' ? point(to.address) : to.network;
  const end = translate('snat', range, pass, to.ports === 'free');
  return (
    keepingHosts(rule, 'source', range, widestOf(rule), end) ??
    matching(rule, oneSource(rule, 'it is mapped by blocks'))
  );
}
