import { Address, FAMILY_RANGE, familyOf } from '../../net/address';
import { Packet } from '../../net/packet';
import { Range } from '../../net/range';
import { PfBinat, PfNat, PfRedirect, PfTarget, PfTargetPort } from './model';

/** What one translation rule makes of one packet's address: the destination inbound, the source outbound. */
export interface Change {
  /** Undefined where nobody can say which: then one of `among`, or any. */
  readonly address: Address | undefined;
  readonly among: readonly Range[];
  readonly because: string;
  /** Of the destination; undefined is kept. */
  readonly port: number | undefined;
  readonly freePort: boolean;
  readonly pass: boolean;
  /** How it is rewritten: rules that do the same need not be told apart. */
  readonly how: string;
}

type Plain = Pick<Change, 'address' | 'how' | 'because' | 'among'>;

const setTo = (address: bigint): Plain => ({ address: address as Address, how: `to ${address}`, because: '', among: [] });
const movedBy = (address: bigint, by: bigint): Plain =>
  by === 0n
    ? { address: address as Address, how: 'kept', because: '', among: [] }
    : { address: (address + by) as Address, how: `by ${by}`, because: '', among: [] };

export function redirectedBy({ to, pass }: PfRedirect, packet: Packet): Change {
  return { ...ledTo(to!, packet.destination), port: portOf(to!.port, packet.port), freePort: false, pass };
}

function ledTo(to: PfTarget, destination: bigint): Plain {
  if (to.is === 'address') return setTo(to.address);
  if (to.is === 'unclear') return { address: undefined, how: `unclear ${to.because}`, because: to.because, among: to.among };
  return inNetwork(to.network, destination);
}

function portOf(port: PfTargetPort | undefined, own: number): number | undefined {
  if (!port || port.is === 'one') return port?.port;
  const { from, to } = port;
  if (from === to.first && own <= to.last) return undefined;
  return to.first + ((own - from) % (to.last - to.first + 1));
}

/** The network's bits of the one, the host's of the other. */
function inNetwork(network: Range, address: bigint): Plain {
  const size = network.last - network.first + 1n;
  if (size === 1n) return setTo(network.first);
  return movedBy(address, network.first + ((address - FAMILY_RANGE[familyOf(address)].first) % size) - address);
}

export const cameInBy = ({ inside, outside, pass }: PfBinat, packet: Packet): Change => ({
  ...between(outside!, inside, packet.destination),
  port: undefined,
  freePort: false,
  pass,
});

function between(from: Range, to: Range, address: bigint): Plain {
  // `any` inside: there is no network whose bits could be set.
  if (to.last - to.first !== from.last - from.first) return movedBy(address, 0n);
  return from.first === from.last ? setTo(to.first) : movedBy(address, to.first - from.first);
}

export function wentOutBy({ inside, outside, pass }: PfBinat, packet: Packet): Change {
  const plain =
    inside.last - inside.first === outside!.last - outside!.first
      ? between(inside, outside!, packet.source)
      : inNetwork(outside!, packet.source);
  return { ...plain, port: undefined, freePort: false, pass };
}

export function nattedBy({ to, pass }: PfNat, packet: Packet): Change {
  const rest = { port: undefined, pass };
  if (to!.is === 'unclear')
    return { address: undefined, how: `unclear ${to!.because}`, because: to!.because, among: [], ...rest, freePort: true };
  const plain = to!.is === 'address' ? setTo(to!.address) : inNetwork(to!.network, packet.source);
  return { ...plain, ...rest, freePort: to!.ports === 'free' };
}
