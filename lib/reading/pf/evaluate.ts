import { Exposure, UNTRANSLATED, View, canonicalTranslations, translation, unclear, unknown } from '../../exposure/exposure';
import { FAMILY_RANGE } from '../../net/address';
import { Device, Vantage, vantagesOf, wayOut } from '../../net/device';
import { Move } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range } from '../../net/range';
import { STRANGERS_WORK, withinWork } from '../../net/work';
import { MORE_WORK } from '../../problems/more-work';
import { Refusal } from '../../problems/problem';
import { Answers } from './answers';
import { Filter } from './filter';
import { SYN, passNoMoreThanFirst, seenWith, strayFlags } from './flags';
import { Inward, to } from './inward';
import { End, Leaving, afterwards, doubted, doubtful, eitherEnd, eitherLeaving, endOf } from './leaving';
import { PfRules } from './model';
import { Outward } from './outward';
import { CHOSEN_PORT, EITHER_WAY, FLAGS, said } from './standing';
import { Translations } from './translations';
import { LOOPBACK_INTERFACE, Ways } from './ways';

/** What loaded rules do with packets of one kind. */
export interface Evaluated extends Exposure {
  /** Whether something passes without a state, so that it was asked whether answers pass. */
  readonly asksOfAnswers: boolean;
}

/** What loaded rules do with the first packet of a connection, from every vantage. Throws Refusal `pf/too-much-to-evaluate`. */
export function evaluatePf(rules: PfRules, device: Device): Evaluated {
  const { ends, asksOfAnswers } = evaluated(rules, SYN, device, new Translations(rules));
  return { views: viewsOf(device, ends), asksOfAnswers };
}

/**
 * What they do with a packet without a state that begins no connection. They are asked, and translate, as for a first one; but of TCP such
 * packets have other flags. What some of them pass passes. `first`: what they do with first packets, which mostly is the same. Source:
 * FreeBSD pf.c, pf_test and pf_test_rule. Throws as above.
 */
export function evaluateStrays(rules: PfRules, device: Device, first = (): Evaluated => evaluatePf(rules, device)): Exposure {
  if (passNoMoreThanFirst(rules)) {
    const alike = first();
    if (!alike.asksOfAnswers) return alike;
  }
  const translations = new Translations(rules);
  const kinds = strayFlags(rules).map((has) => evaluated({ ...rules, strays: true }, has, device, translations).ends);
  return {
    views: viewsOf(
      device,
      kinds.reduce((all, ends) => all.map((one, i) => someOf(one, ends[i]!))),
    ),
  };
}

/** `ends`: what becomes of packets from each vantage, in their order. */
const viewsOf = (device: Device, ends: readonly PacketMap<End>[]): readonly View[] =>
  vantagesOf(device).map((vantage, i) => ({
    vantage,
    verdicts: ends[i]!.map(({ verdict }) => verdict),
    translations: canonicalTranslations(ends[i]!.map((one) => one.translation)),
  }));

/** What either lets through. */
const someOf = (a: PacketMap<End>, b: PacketMap<End>): PacketMap<End> => a.with(b, (x, y) => (x && y ? eitherOf(x, y) : (x ?? y)));

function eitherOf(x: End, y: End): End {
  const is = x.verdict.is === 'allowed' ? x : y;
  const other = is === x ? y : x;
  if (other.verdict.is !== is.verdict.is || is.translation === other.translation) return is;
  return eitherEnd(is, other, FLAGS)!;
}

function evaluated(
  rules: PfRules,
  has: number,
  device: Device,
  translations: Translations,
): Pick<Evaluated, 'asksOfAnswers'> & { readonly ends: readonly PacketMap<End>[] } {
  return withinPf(() => {
    const paths = new Paths(rules, has, device, translations);
    return { ends: paths.ends(), asksOfAnswers: paths.asksOfAnswers };
  });
}

/** Few rules that cut every axis somewhere else have more parts than there is memory. Throws Refusal `pf/too-much-to-evaluate`. */
export const withinPf = <T>(run: () => T): T =>
  withinWork(STRANGERS_WORK, run, () => {
    throw new Refusal([
      {
        code: 'pf/too-much-to-evaluate',
        where: 'the rules as a whole',
        what: 'to tell apart all packets that they tell apart takes more work than is spent on one text.',
        instead: `rules that share their lists and tables of addresses and ports. ${MORE_WORK}`,
      },
    ]);
  });

class Paths {
  private readonly ways: Ways;
  private readonly filter: Filter;
  private readonly outward: Outward;
  private readonly inwards = new Map<string | undefined, Inward>();
  private readonly answers: Answers;

  /** Of packets that have these flags where they are of TCP. */
  constructor(
    private readonly rules: PfRules,
    has: number,
    private readonly device: Device,
    private readonly translations: Translations,
  ) {
    this.ways = new Ways(device);
    this.filter = new Filter(seenWith(rules, has));
    this.answers = new Answers(rules, this.translations);
    this.outward = new Outward(this.answers, this.filter, this.translations);
  }

  get asksOfAnswers(): boolean {
    return this.answers.asked;
  }

  ends(): readonly PacketMap<End>[] {
    const { unloadable } = this.rules;
    return vantagesOf(this.device).map((vantage) =>
      unloadable ? this.unloaded(vantage, said(unloadable.line, unloadable.because)) : this.from(vantage),
    );
  }

  private from(vantage: Vantage): PacketMap<End> {
    const way = wayOut(this.device, vantage);
    if (vantage.kind === 'interface') return this.inward(way).by(vantage.name);
    return vantage.kind === 'self' ? this.own(way).map(asEnd) : this.looped(way);
  }

  private unloaded(vantage: Vantage, because: string): PacketMap<End> {
    const end = endOf(unknown(because), translation({ destination: unclear(because), source: unclear(because), sourcePort: 'free' }));
    return this.startingAt(vantage).map(() => end);
  }

  /** Packets that can be there at all. */
  private startingAt({ kind }: Vantage): PacketSet {
    const { local, own } = this.ways;
    if (kind === 'interface') return PacketMap.ALL;
    return kind === 'self' ? PacketMap.set({ source: own }).apartFrom(to(local)) : to(local).within(PacketMap.set({ source: local }));
  }

  private inward(way: string | undefined): Inward {
    let found = this.inwards.get(way);
    if (!found) this.inwards.set(way, (found = new Inward(this.answers, this.ways, this.filter, this.translations, this.outward, way)));
    return found;
  }

  /** From a process on the device to others. */
  private own(way: string | undefined): PacketMap<Leaving> {
    const { interfaces } = this.device;
    const known = interfaces.map(({ name }) => this.outward.by(name).within(to(this.ways.through(name))));
    // Without an outside interface the facts leave open where the default route leads.
    const names = way === undefined ? interfaces.map(({ name }) => name) : [way];
    const elsewhere = to(this.ways.elsewhere);
    const rest = names.map((name) => this.outward.by(name).within(elsewhere));
    const either = rest
      .slice(1)
      .reduce((all, one) => all.with(one, (a, b) => eitherLeaving(a, b, EITHER_WAY)), rest[0] ?? PacketMap.nothing<Leaving>());
    return PacketMap.first([...known, either]).within(this.startingAt({ kind: 'self' }));
  }

  /** Over the loopback interface: out, and in again. */
  private looped(way: string | undefined): PacketMap<End> {
    const back = this.inward(way).by(LOOPBACK_INTERFACE);
    const starting = this.startingAt({ kind: 'localhost' });
    return this.outward.followed(LOOPBACK_INTERFACE, (out) => out.within(starting).compose((one) => cameBack(one, back)), eitherEnd);
  }
}

function cameBack(one: Leaving, back: PacketMap<End>): PacketMap<End> {
  const { source, verdict } = one;
  if (source.is === 'unclear') return PacketMap.everywhere(asEnd(doubtful(one, source.because)));
  if (one.sourcePort === 'free') return PacketMap.everywhere(asEnd(doubtful(one, CHOSEN_PORT)));
  const seen = source.is === 'kept' ? back : back.afterSource(WHOLE.flatMap((range) => moveOf(source, range)));
  return seen.map((end) => {
    const as = translation({ ...end.translation, source: afterwards(source, end.translation.source) });
    return endOf(verdict.is === 'allowed' ? end.verdict : doubted(end.verdict, verdict.because), as);
  });
}

const WHOLE: readonly Range[] = [FAMILY_RANGE.ip, FAMILY_RANGE.ip6];

function moveOf(source: Leaving['source'] & { is: 'set' | 'moved' }, range: Range): readonly Move[] {
  if (source.is === 'set') return [{ from: range, to: { first: source.to, last: source.to } }];
  const { by } = source;
  const from = { first: by < 0n ? range.first - by : range.first, last: by > 0n ? range.last - by : range.last };
  return from.first <= from.last ? [{ from, to: { first: from.first + by, last: from.last + by } }] : [];
}

const asEnd = ({ verdict, source, sourcePort }: Leaving): End =>
  endOf(verdict, source === UNTRANSLATED.source && sourcePort === 'kept' ? UNTRANSLATED : translation({ source, sourcePort }));
