import { BehindGateway, sentStraight } from '../../reachability/compose';
import { Exposure, Translation, Verdict } from '../../reachability/exposure';
import { printRow } from '../../reachability/print';
import { printPacket } from '../../reachability/words';
import { rowsOf } from '../../reachability/rows';
import { Vantage, vantageKey, atEntry, isFromOutside } from '../../net/device';
import { remembered } from '../../net/interned';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Objection, Remark } from '../review';
import { Version, takesPart, versionsOf } from './sites';
import { Edge, Round, Sided, behind, endsOf, rounds } from './edges';
import { Judged, Remarks, State } from './state';
import { limited, vantagesWords } from './words';
import { witnessOf } from './witness';

/** Which of the two is delivered first in a mixed state. */
type First = 'gateway' | 'servers';

interface Mixed {
  readonly first: First;
  readonly vantage: Vantage;
  readonly wider: PacketSet;
  readonly unsure: PacketSet;
}

/**
 * The devices of a change finish in any order, and each address crosses one gateway and one server: where the new one of them meets the
 * old other one, no more may pass than before or after. What passes to another server than at either end is more, too.
 */
export function mixedRemarks(edge: Edge, remarks: Remarks): void {
  if (!isChanging(edge.gateway.judged)) return;
  const changing = edge.servers.filter(({ judged }) => isChanging(judged));
  if (changing.length === 0) return;
  const found = joinedByVantage(
    versionsOf(edge.servers)
      .filter((version) => changing.some((server) => takesPart(version, server)))
      .flatMap((version) => mixedStates(edge, version)),
  );
  for (const first of ['gateway', 'servers'] as const) {
    const mine = found.filter((one) => one.first === first);
    const wider = mine.filter((one) => !one.wider.isEmpty);
    const otherIsWider = found.some((one) => one.first !== first && !one.wider.isEmpty);
    if (wider.length > 0) remarks.objections.push(widerRemark(edge, changing, first, wider, otherIsWider));
    const unsure = mine.filter((one) => !one.unsure.isEmpty);
    if (unsure.length > 0) remarks.unknown.push(unsureRemark(edge, changing, first, unsure));
  }
}

const isChanging = ({ before, after }: Judged): boolean =>
  before.some(({ text, is }) => is !== after.is || text !== after.text);

function mixedStates({ gateway }: Edge, version: Version): readonly Mixed[] {
  const { judged, sides } = gateway;
  const together = (state: State, with_: readonly BehindGateway[]): Exposure =>
    endsOf(sides.cut(state), state.device, with_).exposure;
  const news = newsOf(version);
  const newBoth = together(judged.after, news);
  return judged.before.flatMap((old) => {
    const oldNew = together(old, news);
    return oldsOf(version).flatMap((olds) => {
      const ends = [together(old, olds), newBoth];
      const straight = (vantage: Vantage): PacketSet =>
        isFromOutside(old.device, vantage)
          ? PacketMap.NONE
          : straightAt(endsOf(old.exposure, old.device, olds).exposure, vantage);
      return [
        ...compared('gateway', together(judged.after, olds), ends, straight),
        ...compared('servers', oldNew, ends, straight),
      ];
    });
  });
}

/** A server without anything of ours lets pass what it likes: the gateway's word stands. */
const known = (round: Round, without: Version['without']['after']): readonly BehindGateway[] =>
  round.flatMap(([server, one]) => (one.is === 'bare' ? [] : [behind(server, one, server.sides, without.get(server))]));

const newsOf = remembered(({ servers, without }: Version) =>
  known(
    servers.map((server) => [server, server.judged.after]),
    without.after,
  ),
);
const oldsOf = remembered(({ servers, without }: Version) =>
  rounds(servers).map((round) => known(round, without.before)),
);

/** What passes to the addresses that it is sent to. */
function straightAt({ views }: Exposure, vantage: Vantage): PacketSet {
  const view = atEntry(views, vantage);
  if (!view) return PacketMap.NONE;
  const kept = view.translations.where(({ destination, port }) => destination.is === 'kept' && port === 'kept');
  return view.verdicts.where(({ is }) => is === 'allowed').within(kept);
}

/** `straight`: what came to inside addresses before. Whoever reaches by a public address what they reached so reaches no more. */
const compared = (
  first: First,
  mixed: Exposure,
  ends: readonly Exposure[],
  straight: (vantage: Vantage) => PacketSet,
): readonly Mixed[] =>
  mixed.views.map(({ vantage, verdicts, translations }) => {
    const is = (map: PacketMap<Verdict>, wanted: Verdict['is']): PacketSet =>
      map.where((verdict) => verdict.is === wanted);
    const views = ends.flatMap((end) => atEntry(end.views, vantage) ?? []);
    const passing = views.map((view) => is(view.verdicts, 'allowed').within(alike(view.translations, translations)));
    const unsure = views.map((view) => is(view.verdicts, 'unknown'));
    const left = (packets: PacketSet, known: readonly PacketSet[]): PacketSet =>
      packets.apartFrom(PacketMap.first(known));
    const allowed = left(is(verdicts, 'allowed'), passing);
    const more = allowed.isEmpty
      ? allowed
      : allowed.apartFrom(sentStraight(translations.within(allowed), straight(vantage)));
    return {
      first,
      vantage,
      wider: left(more, unsure),
      // Where an end itself can't be decided, that is said already.
      unsure: left(is(verdicts, 'unknown'), [...passing, ...unsure]).or(more.within(PacketMap.first(unsure))),
    };
  });

/** The packets that come to the same place. */
const alike = (a: PacketMap<Translation>, b: PacketMap<Translation>): PacketSet =>
  a.with(b, (one, other): true | undefined =>
    one && other && one.destination === other.destination && one.port === other.port ? true : undefined,
  );

function joinedByVantage(all: readonly Mixed[]): readonly Mixed[] {
  const found = new Map<string, Mixed>();
  for (const one of all) {
    const key = `${one.first} ${vantageKey(one.vantage)}`;
    const known = found.get(key);
    found.set(key, known ? { ...one, wider: known.wider.or(one.wider), unsure: known.unsure.or(one.unsure) } : one);
  }
  return [...found.values()];
}

const MOST_ROWS = 5;

function rowsAndWitness(edge: Edge, found: readonly Mixed[], of: (mixed: Mixed) => PacketSet): string {
  const { device } = edge.gateway.judged.after;
  const rows = found.flatMap((mixed) =>
    rowsOf(of(mixed)).map((row) => ({
      text: `from ${vantagesWords([mixed.vantage], device)}: ${printRow(row)}`,
      row,
      mixed,
    })),
  );
  const [first] = rows;
  const texts = [...new Set(rows.map(({ text }) => text))];
  return `${limited(texts, MOST_ROWS).join('; ')}; for example ${printPacket(witnessOf(first!.row, of(first!.mixed)))}`;
}

const named = (servers: readonly Sided[]): string =>
  limited(
    servers.map(({ judged }) => judged.planned.device),
    MOST_ROWS,
  ).join(', ');

function widerRemark(
  edge: Edge,
  changing: readonly Sided[],
  first: First,
  found: readonly Mixed[],
  otherIsWider: boolean,
): Objection {
  const gateway = edge.gateway.judged.planned.device;
  const [early, late] = first === 'gateway' ? [gateway, named(changing)] : [named(changing), gateway];
  return {
    code: 'review/mixed-state-wider',
    about: `the ${first} first`,
    where: `${edge.gateway.judged.name} with ${named(changing)}`,
    what: `Devices finish in any order. While ${early} has its new release and ${late} still the old one, more passes than before the change and after it together: ${rowsAndWitness(edge, found, ({ wider }) => wider)}.`,
    instead: otherIsWider
      ? 'two changes: first narrow, with what closes on both; then widen, with what opens.'
      : `first narrow, then widen: deliver ${late} first, in an apply of its own, and ${early} after it.`,
  };
}

function unsureRemark(edge: Edge, changing: readonly Sided[], first: First, found: readonly Mixed[]): Remark {
  const gateway = edge.gateway.judged.planned.device;
  const [early, late] = first === 'gateway' ? [gateway, named(changing)] : [named(changing), gateway];
  return {
    code: 'review/mixed-state-unknown',
    where: `${edge.gateway.judged.name} with ${named(changing)}`,
    what: `While ${early} has its new release and ${late} still the old one, this may pass and can not be decided: ${rowsAndWitness(edge, found, ({ unsure }) => unsure)}.`,
    instead: `what the states that can not be read are, by cpanel-edge verify; or ${late} in an apply of its own first.`,
  };
}
