import { PacketMap } from '../net/packet-map';
import { spend } from '../net/work';
import { actionOf, byAddress, oneOfSome } from './actions';
import { ANYWHERE, Context, comingInto, seenWith } from './context';
import { ContextKeys, isHeaderless } from './context-keys';
import { BaseChain, Decision, End, LoweredChain, LoweredRule, chainsOf } from './model';
import {
  ACCEPT,
  DROP,
  Outcome,
  POLICIES,
  Possible,
  Question,
  RETURN,
  atEnd,
  either,
  intern,
  leftAs,
  notUnderstood,
  optionsOf,
  outsideNat,
  passing,
  possible,
  settle,
  unknownOutcome,
  whyEither,
  withPolicy,
} from './outcomes';
import { meetExtents, spread } from './packets/extents';
import { contextual } from './packets/field-packets';
import { Packets } from './packets/packets';
import { Region, mapOver, meet, setOver, union } from './packets/regions';
import { chosenOf, nameOf } from './verdict-maps';

type Part = { readonly rule: LoweredRule } | { readonly map: PacketMap<Possible> };

/** Chains as maps from packets to outcomes, each computed once for each context that it can tell apart. */
export class Chains {
  private readonly maps = new Map<LoweredChain, Map<string, PacketMap<Possible>>>();
  private readonly parts = new Map<LoweredChain, Map<Question, readonly Part[]>>();
  readonly contexts = new ContextKeys();

  constructor(readonly packets: Packets) {}

  /** Everywhere defined; outside the table's family nothing happens. */
  base(base: BaseChain, context: Context, question: Question): PacketMap<Outcome> {
    const policy = question === 'left' ? ACCEPT : POLICIES[base.policy];
    const everywhere = PacketMap.everywhere<Outcome>(policy);
    const said = everywhere.with(this.map(base.chain, context, question), (_, one) => withPolicy(one, policy));
    if (base.family !== 'ip' && base.family !== 'ip6') return said;
    return said.within(PacketMap.set({ family: base.family })).or(PacketMap.everywhere(ACCEPT));
  }

  private map(chain: LoweredChain, context: Context, question: Question): PacketMap<Possible> {
    let some = this.maps.get(chain);
    if (!some) this.maps.set(chain, (some = new Map<string, PacketMap<Possible>>()));
    const at = comingInto(chain, context);
    const key = question + this.contexts.contextFor(chain, at);
    let found = some.get(key);
    if (!found) {
      const made = this.folded(chain, at, question);
      some.set(key, (found = question === 'left' && chain.leads ? leftIn(made, chain, at) : made));
    }
    return found;
  }

  /** From the last rule to the first: what may go on needs to know what follows. */
  private folded(chain: LoweredChain, context: Context, question: Question): PacketMap<Possible> {
    let rest = PacketMap.nothing<Possible>();
    let pending: PacketMap<Possible>[] = [];
    const flush = (): void => {
      if (pending.length > 0) rest = PacketMap.first([...pending.reverse(), rest]);
      pending = [];
    };
    const parts = this.partsOf(chain, question);
    spend(1 + parts.length / 8);
    const known: PacketMap<Possible>[] = [];
    let length = 0;
    // Behind a rule that decides everything, as `ct state established accept` for answers, nothing has to be looked at.
    for (let whole = false; length < parts.length && !whole; length++) {
      const part = parts[length]!;
      if ('map' in part || !isHeaderless(part.rule)) continue;
      known[length] = this.ruleMap(part.rule, context, question);
      whole = known[length]!.where(({ goesOn }) => !goesOn).equals(PacketMap.ALL);
    }
    for (let i = length - 1; i >= 0; i--) {
      const part = parts[i]!;
      const map = known[i] ?? ('map' in part ? part.map : this.ruleMap(part.rule, context, question));
      if (map.isEmpty) continue;
      if (map.values.some(({ goesOn }) => goesOn)) {
        flush();
        rest = map.with(rest, (one, after) => (one ? settle(one, after) : after));
      } else pending.push(map);
    }
    flush();
    return rest;
  }

  /** Rules that mean the same everywhere are joined once; the others are left for each context. */
  private partsOf(chain: LoweredChain, question: Question): readonly Part[] {
    let some = this.parts.get(chain);
    if (!some) this.parts.set(chain, (some = new Map<Question, readonly Part[]>()));
    const known = some.get(question);
    if (known) return known;
    const parts: Part[] = [];
    let run: { value: Possible; regions: (Region | undefined)[] } | undefined;
    let maps: PacketMap<Possible>[] = [];
    const endRun = (): void => {
      if (run) maps.push(union(run.value, run.regions));
      run = undefined;
    };
    for (const rule of chain.rules) {
      const simple = this.simple(rule, question);
      if (simple === 'nothing') continue;
      if (simple) {
        if (run?.value !== simple.value) endRun();
        run ??= { value: simple.value, regions: [] };
        run.regions.push(simple.region);
        continue;
      }
      endRun();
      if (maps.length > 0) parts.push({ map: PacketMap.first(maps) });
      maps = [];
      parts.push({ rule });
    }
    endRun();
    if (maps.length > 0) parts.push({ map: PacketMap.first(maps) });
    some.set(question, parts);
    return parts;
  }

  /** A rule with one outcome for a region that is known for certain and doesn't depend on the context. */
  private simple(
    rule: LoweredRule,
    question: Question,
  ): { value: Possible; region: Region | undefined } | 'nothing' | undefined {
    if (!rule.end) return 'nothing';
    if (
      rule.conditions.some(
        (one) =>
          one.is !== 'packets' && (one.is !== 'member' || one.fields.some((field) => contextual(field) || field.blind)),
      )
    )
      return undefined;
    if (chainsOf(rule.end).length > 0 || rule.end?.is === 'choose' || rule.end?.is === 'look up') return undefined;
    const extents = rule.conditions.map((one) => this.packets.extentOf(one, ANYWHERE));
    if (extents.some(({ sure, possible: may }) => sure !== may)) return undefined;
    const region = meet(extents.map(({ sure }) => sure));
    const value = this.plain(rule, region, question);
    return value ? { value, region } : 'nothing';
  }

  /** The outcome of an end that is the same for the whole region. */
  private plain({ end, line }: LoweredRule, region: Region | undefined, question: Question): Possible | undefined {
    if (end?.is === 'verdict') return this.verdict(end.verdict, question);
    return end && possible(this.outcome(end, region, question, line));
  }

  private verdict(verdict: Decision, question: Question): Possible | undefined {
    if (verdict.is === 'accept') return possible(ACCEPT);
    if (verdict.is === 'drop') return possible(question === 'left' ? ACCEPT : DROP);
    if (verdict.is === 'return') return RETURN;
    if (verdict.is === 'pass') return possible(question === 'left' ? ACCEPT : passing(verdict));
    return verdict.is === 'opaque'
      ? possible(question === 'left' ? ACCEPT : notUnderstood(verdict, question))
      : undefined;
  }

  private outcome(end: End, region: Region | undefined, question: Question, line: number): Outcome {
    if (question === 'left') return ACCEPT;
    if (end.is === 'opaque') return notUnderstood(end, question);
    if (question === 'filter') return outsideNat(line);
    if (end.is === 'masquerade') return intern<Outcome>({ is: 'masquerade', freePort: end.random });
    if (end.is === 'redirect')
      return intern<Outcome>({ is: 'redirect', ...(end.port === undefined ? {} : { port: end.port }) });
    if (end.is === 'translate') return actionOf(end, region, line);
    if (end.is === 'one of') return oneOfSome(end);
    return unknownOutcome(`line ${line}: not a translation`);
  }

  private ruleMap(rule: LoweredRule, context: Context, question: Question): PacketMap<Possible> {
    const extent = meetExtents(rule.conditions.map((one) => this.packets.extentOf(one, context)));
    if (!extent.possible) return PacketMap.nothing<Possible>();
    const { end, line } = rule;
    if (!end) return PacketMap.nothing<Possible>();
    const note =
      extent.because && (extent.because.startsWith('line ') ? extent.because : `line ${line}: ${extent.because}`);
    const noted = { ...extent, because: note };
    if (end.is === 'verdict') return spread(noted, (region) => this.decided(end.verdict, region, context, question));
    if (end.is === 'choose' || end.is === 'look up')
      return spread(noted, (region) => this.chosen(end, line, context, question).within(setOver(region)));
    return spread(noted, (region) => mapOver(possible(this.outcome(end, region, question, line)), region));
  }

  private decided(
    verdict: Decision,
    region: Region | undefined,
    context: Context,
    question: Question,
  ): PacketMap<Possible> {
    if (verdict.is !== 'jump' && verdict.is !== 'goto') {
      const value = this.verdict(verdict, question);
      return value ? mapOver(value, region) : PacketMap.nothing<Possible>();
    }
    const target = this.map(verdict.chain, context, question).map(atEnd).within(setOver(region));
    if (verdict.is === 'jump') return target;
    return target
      .map((one) => (one.goesOn ? possible(one.now, true, false, one.because) : one))
      .or(mapOver(RETURN, region));
  }

  /** A map's entries exclude one another, but for the default, which is last. */
  private chosen(
    end: End & { is: 'choose' | 'look up' },
    line: number,
    context: Context,
    question: Question,
  ): PacketMap<Possible> {
    if (end.is === 'look up') {
      const known = this.lookUps.get(end);
      const same = !end.fields.some(contextual);
      if (known && same && question === 'nat') return known;
      const made = (question === 'nat' && byAddress(end, line)) || this.choices(end, line, context, question);
      if (same && question === 'nat') this.lookUps.set(end, made);
      return made;
    }
    return this.choices(end, line, context, question);
  }

  private readonly lookUps = new Map<End, PacketMap<Possible>>();

  private choices(
    end: End & { is: 'choose' | 'look up' },
    line: number,
    context: Context,
    question: Question,
  ): PacketMap<Possible> {
    const entries = end.is === 'choose' ? end.choices : end.entries;
    return chosenOf(end, line, context, this.packets, (i, region) => {
      const entry = entries[i]!;
      if ('verdict' in entry)
        return { key: nameOf(entry.verdict), make: (where) => this.decided(entry.verdict, where, context, question) };
      const { kind, random } = end as End & { is: 'look up' };
      const action = (): Outcome =>
        question === 'filter' ? outsideNat(line) : actionOf({ kind, random, to: entry.to }, region, line);
      const outcome = question === 'left' ? ACCEPT : action();
      return { key: outcome, make: (where) => mapOver(possible(outcome), where) };
    });
  }
}

/** Who passes or is held in it is as the chain has it; so is who comes to the end of the list. */
function leftIn(said: PacketMap<Possible>, { leads }: LoweredChain, { ct, marks }: Context): PacketMap<Possible> {
  const own = leftAs(seenWith(ct, marks));
  const all = said.map((one) => possible(one.now && ownIn(one.now, own), one.returns, one.goesOn, one.because));
  if (leads === 'on') return all;
  return PacketMap.everywhere(possible(own)).with(all, (end, one) => (one ? possible(withPolicy(one, own)) : end));
}

const ownIn = (outcome: Outcome, own: Outcome): Outcome =>
  optionsOf(outcome)
    .map((one) => (one === ACCEPT ? own : one))
    .reduce((a, b) => either(a, b, whyEither(outcome))!);
