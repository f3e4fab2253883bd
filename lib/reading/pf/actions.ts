import { KEPT, Rewrite, moved, set, unclear } from '../../exposure/exposure';
import { Address, FAMILY_RANGE, familyOf } from '../../net/address';
import { Interned } from '../../net/interned';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, joined, overlap } from '../../net/range';
import { TOO_MANY } from './standing';

/** What a translation rule does to a packet. Interned. */
export interface Action {
  /** Whether a rule translates at all; one that leaves everything as it was does so, too, and makes a state. */
  readonly translates: boolean;
  /** The destination inbound, the source outbound. */
  readonly address: Rewrite;
  /** The destination port. */
  readonly port: number | undefined;
  readonly freePort: boolean;
  /** Filter rules aren't asked. */
  readonly pass: boolean;
  /** What an unclear address may be. */
  readonly among: readonly Range[] | undefined;
}

/** Packets, and what is done to them. */
export interface Piece {
  readonly packets: PacketSet;
  readonly action: Action;
}

const interned = new Interned<string, Action>();

export function actionOf(parts: Partial<Omit<Action, 'translates'>>): Action {
  const { address = KEPT, port, freePort = false, pass = false, among } = parts;
  const to = address.is === 'moved' ? address.by : address.is === 'set' ? address.to : address.is === 'unclear' ? address.because : '';
  const where = (among ?? []).map(({ first, last }) => `${first}-${last}`).join(' ');
  const key = `${address.is} ${port} ${freePort} ${pass} ${where} ${to}`;
  return interned.of(key, () => ({ translates: true, address, port, freePort, pass, among }));
}

export const NOT_TRANSLATED: Action = {
  translates: false,
  address: KEPT,
  port: undefined,
  freePort: false,
  pass: false,
  among: undefined,
};

export const unclearAction = (because: string, pass: boolean, among?: readonly Range[]): Action =>
  actionOf({ address: unclear(because), freePort: true, pass, among });

/** Where more may happen than is told apart. */
export const UNDECIDED = unclearAction(TOO_MANY, false);

/** Single addresses are set, networks are moved: what stands beside an address has nothing to do with what becomes of it. */
export const onto = (from: Range, to: Range): Rewrite =>
  from.first === from.last ? set(to.first as Address) : moved(to.first - from.first);

/** Past these, a rule whose target repeats itself over what it matches isn't followed. */
const MOST_BLOCKS = 256;
const MOST_PORTS = 2_048;

/** A rewriting that keeps the host's bits: to the one network from every network of that size. Undefined where these are too many. */
export function byBlocks(
  axis: 'destination' | 'source',
  packets: PacketSet,
  network: Range,
  make: (address: Rewrite) => Action,
): readonly Piece[] | undefined {
  const size = network.last - network.first + 1n;
  if (size === 1n) return [{ packets, action: make(set(network.first as Address)) }];
  const start = FAMILY_RANGE[familyOf(network.first)].first;
  const pieces: Piece[] = [];
  for (const range of rangesOf(axis, packets)) {
    const mine = overlap(range, FAMILY_RANGE[familyOf(network.first)]);
    if (!mine) continue;
    for (let first = mine.first - ((mine.first - start) % size); first <= mine.last; first += size) {
      if (pieces.length === MOST_BLOCKS) return undefined;
      const block = { first, last: first + size - 1n };
      pieces.push({ packets: packets.within(PacketMap.set({ [axis]: [block] })), action: make(moved(network.first - first)) });
    }
  }
  return pieces;
}

function rangesOf(axis: 'destination' | 'source', packets: PacketSet): readonly Range[] {
  const groups = packets.groups('destination');
  return joined((axis === 'destination' ? groups : groups.flatMap(({ below }) => below.groups('source'))).flatMap(({ ranges }) => ranges));
}

/** Ports that some packet has as its destination's. */
export function portsOf(packets: PacketSet): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const { below } of packets.groups('destination'))
    for (const one of below.groups('source'))
      for (const { port } of one.below.cells())
        for (let i = port.first; i <= port.last; i++) {
          found.add(i);
          if (found.size > MOST_PORTS) return undefined;
        }
  return found;
}
