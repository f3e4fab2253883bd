import { KEPT, set, unclear } from '../../exposure/exposure';
import { Address, familyOf } from '../../net/address';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, point } from '../../net/range';
import { Action, NOT_TRANSLATED, Piece, actionOf, byBlocks, onto, portsOf, unclearAction } from './actions';
import { Choice, Choices, Entry, MOST_OPTIONS } from './choices';
import { askedInbound } from './left-out';
import { PfBinat, PfNat, PfRedirect, PfRules, PfTarget, PfTargetPort } from './model';
import { isOn, said } from './standing';

/** The translation lists as each interface asks them, one after another. */
export class Translations {
  private readonly choices = new Choices<Action>();
  private readonly made = new Map<string, PacketMap<Choice<Action>>>();

  constructor(private readonly rules: PfRules) {}

  /** Inbound `rdr`, then `binat`; outbound `binat`, then `nat`. Defined everywhere. */
  of(name: string, way: 'in' | 'out'): PacketMap<Choice<Action>> {
    const key = `${way} ${name}`;
    let found = this.made.get(key);
    if (!found) this.made.set(key, (found = this.listed(name, way)));
    return found;
  }

  private listed(name: string, way: 'in' | 'out'): PacketMap<Choice<Action>> {
    const none = PacketMap.everywhere(this.choices.of([NOT_TRANSLATED]));
    if (this.rules.skipped.includes(name)) return none;
    const { rdr, binat, nat } = this.rules;
    const lists =
      way === 'in'
        ? [entriesOf(rdr, name, redirected), cameInEntries(binat, name)]
        : [entriesOf(binat, name, wentOut), entriesOf(nat, name, natted)];
    const [first, second] = lists.map((entries) => this.choices.first(entries));
    return this.choices.inTurn([this.ofOneList(first!), second!, none]);
  }

  /** `no` ends its own list: what is certainly left alone there is asked of the next one. */
  private ofOneList(list: PacketMap<Choice<Action>>): PacketMap<Choice<Action>> {
    return list.map((choice) => {
      if (!choice.options.includes(NOT_TRANSLATED) || choice.options.length > MOST_OPTIONS) return choice;
      const options = choice.options.filter((one) => one !== NOT_TRANSLATED);
      return options.length === 0 ? undefined : this.choices.of(options, true, choice.because);
    });
  }
}

/** What a rule does, for certain and perhaps. */
interface Doing {
  readonly sure: readonly Piece[];
  readonly perhaps?: { readonly pieces: readonly Piece[]; readonly because: string };
}

/** As packets meet the 1:1 rules that come in. */
function cameInEntries(rules: readonly PfBinat[], name: string): readonly Entry<Action>[] {
  const asked = askedInbound(rules, name);
  if (!asked) return entriesOf(rules, name, cameIn);
  return rules.flatMap((rule, i) => {
    const { sure, perhaps } = asked[i]!;
    const because = said(rule.line, 'whether the kernel leaves it out for what stands before it is not known');
    return entriesOf([rule], name, cameIn).flatMap((entry) => [
      { ...entry, packets: entry.packets.within(sure) },
      { ...entry, packets: entry.packets.within(perhaps), doubt: entry.doubt ?? because },
    ]);
  });
}

function entriesOf<R extends PfRedirect | PfBinat | PfNat>(
  rules: readonly R[],
  name: string,
  doing: (rule: R) => Doing,
): readonly Entry<Action>[] {
  return rules
    .filter((rule) => isOn(rule, name))
    .flatMap((rule) => {
      const { sure, perhaps } = doing(rule);
      const doubt = perhaps && said(rule.line, perhaps.because);
      return [
        ...sure.map(({ packets, action }) => ({ packets, option: action })),
        ...(doubt === undefined ? [] : perhaps!.pieces.map(({ packets, action }) => ({ packets, option: action, doubt }))),
      ];
    });
}

function asMatched({ packets, perhaps }: PfRedirect | PfBinat | PfNat, pieces: (packets: PacketSet) => readonly Piece[]): Doing {
  const sure = pieces(packets);
  return perhaps ? { sure, perhaps: { pieces: pieces(perhaps.packets), because: perhaps.because } } : { sure };
}

const leftAlone = (packets: PacketSet): readonly Piece[] => [{ packets, action: NOT_TRANSLATED }];

const redirected = (rule: PfRedirect): Doing =>
  asMatched(rule, (packets) => {
    const { to, pass } = rule;
    if (rule.no || !to) return leftAlone(packets);
    return ported(packets, to.port).flatMap((part) =>
      part.port === 'unclear'
        ? [{ packets: part.packets, action: unclearAction(said(rule.line, 'its ports are spread over others'), pass, ranges(to)) }]
        : ledTo(part.packets, to, part.port, rule),
    );
  });

function ledTo(packets: PacketSet, to: PfTarget, port: number | undefined, { line, pass }: PfRedirect): readonly Piece[] {
  if (to.is === 'address') return [{ packets, action: actionOf({ address: set(to.address as Address), port, pass }) }];
  if (to.is === 'unclear')
    return [{ packets, action: actionOf({ address: unclear(said(line, to.because)), port, pass, among: to.among }) }];
  const pieces = byBlocks('destination', packets, to.network, (address) => actionOf({ address, port, pass }));
  return pieces ?? [{ packets, action: unclearAction(said(line, 'it is mapped by blocks'), pass, [to.network]) }];
}

const ranges = (to: PfTarget): readonly Range[] =>
  to.is === 'address' ? [point(to.address)] : to.is === 'bitmask' ? [to.network] : to.among;

type Ported = { readonly packets: PacketSet; readonly port: number | undefined | 'unclear' };

/** Packets by the port that they get. */
function ported(packets: PacketSet, port: PfTargetPort | undefined): readonly Ported[] {
  if (!port) return [{ packets, port: undefined }];
  if (port.is === 'one') return [{ packets, port: port.port }];
  const { from, to } = port;
  // A range onto itself sets nothing.
  if (to.first === from && packets.apartFrom(PacketMap.set({ port: [to] })).isEmpty) return [{ packets, port: undefined }];
  const all = portsOf(packets);
  if (!all) return [{ packets, port: 'unclear' }];
  const size = to.last - to.first + 1;
  return [...all]
    .filter((own) => own >= from)
    .map((own) => ({
      packets: packets.within(PacketMap.set({ port: [{ first: own, last: own }] })),
      port: to.first + ((own - from) % size),
    }));
}

/** A 1:1 rule as packets see it that come for its outside. */
function cameIn(rule: PfBinat): Doing {
  const { inside, outside, peers, protocols, pass } = rule;
  if (rule.no || !outside) return asMatched(rule, leftAlone);
  // Of `any` inside there is no network whose bits could be set.
  const whole = inside.last - inside.first !== outside.last - outside.first;
  const action = actionOf({ address: whole ? KEPT : onto(outside, inside), pass });
  const from = (source: readonly Range[]): readonly Piece[] =>
    source.length === 0
      ? []
      : [
          {
            packets: PacketMap.set({
              family: familyOf(outside.first),
              destination: [outside],
              source,
              ...(protocols === 'any' ? {} : { protocol: protocols }),
            }),
            action,
          },
        ];
  const sure = from(peers.is);
  return peers.perhaps ? { sure, perhaps: { pieces: from(peers.perhaps.ranges), because: peers.perhaps.because } } : { sure };
}

/** As packets see it that come from its inside. */
const wentOut = (rule: PfBinat): Doing =>
  asMatched(rule, (packets) => {
    const { inside, outside, pass } = rule;
    if (rule.no || !outside) return leftAlone(packets);
    if (inside.last - inside.first === outside.last - outside.first)
      return [{ packets, action: actionOf({ address: onto(inside, outside), pass }) }];
    return keepingHosts(packets, outside, rule, false);
  });

const natted = (rule: PfNat): Doing =>
  asMatched(rule, (packets) => {
    const { to, pass } = rule;
    if (rule.no || !to) return leftAlone(packets);
    if (to.is === 'unclear')
      return [{ packets, action: actionOf({ address: unclear(said(rule.line, to.because)), pass, freePort: true }) }];
    const freePort = to.ports === 'free';
    if (to.is === 'address') return [{ packets, action: actionOf({ address: set(to.address as Address), pass, freePort }) }];
    return keepingHosts(packets, to.network, rule, freePort);
  });

function keepingHosts(packets: PacketSet, network: Range, { line, pass }: PfNat | PfBinat, freePort: boolean): readonly Piece[] {
  const pieces = byBlocks('source', packets, network, (address) => actionOf({ address, pass, freePort }));
  return pieces ?? [{ packets, action: unclearAction(said(line, 'it is mapped by blocks'), pass) }];
}
