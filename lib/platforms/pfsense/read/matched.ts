import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Block } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { PfLine, PfMatch } from '../../../reading/pf/model';
import { ANY, Possible, PossiblePorts, reasons } from './possible';

/** What a rule compares; a field that isn't there is free. */
export interface Compared {
  readonly line: PfLine;
  readonly on: PfMatch['on'];
  /** Both where it isn't there. */
  readonly family?: Family;
  readonly source?: Possible;
  readonly destination?: Possible;
  readonly protocols?: readonly NumberRange[];
  readonly sourcePorts?: PossiblePorts;
  readonly ports?: PossiblePorts;
  /** Why it may match only some of that, or only at times. */
  readonly doubts?: readonly string[];
}

export const protocols = (...numbers: readonly number[]): readonly NumberRange[] =>
  numbers.map((number) => ({ first: number, last: number }));

export const portsOf = (...ports: readonly number[]): PossiblePorts => ({
  sure: ports.map((port) => ({ first: port, last: port })),
  perhaps: [],
  because: '',
});

type Axis = 'source' | 'destination' | 'sourcePorts' | 'ports';

const NARROWED: readonly Axis[] = ['source', 'destination', 'sourcePorts', 'ports'];

function packetsOf(compared: Compared, besides: boolean): PacketSet {
  const addresses = (possible: Possible | undefined): Block['source'] =>
    possible === undefined || possible === ANY ? undefined : besides ? [...possible.sure, ...possible.perhaps] : possible.sure;
  const ports = (possible: PossiblePorts | undefined): Block['port'] =>
    possible && (besides ? [...possible.sure, ...possible.perhaps] : possible.sure);
  const block: Record<string, unknown> = {
    family: compared.family,
    source: addresses(compared.source),
    destination: addresses(compared.destination),
    protocol: compared.protocols,
    sourcePort: ports(compared.sourcePorts),
    port: ports(compared.ports),
  };
  const named = Object.entries(block).filter(([, value]) => value !== undefined);
  if (named.some(([, value]) => Array.isArray(value) && value.length === 0)) return PacketMap.NONE;
  return PacketMap.set(Object.fromEntries(named));
}

/** The packets of it, those that it may match besides apart. */
export function matched(compared: Compared): PfMatch {
  const { line, on, doubts = [] } = compared;
  const unclear = NARROWED.flatMap((axis) => {
    const possible = compared[axis];
    return possible && possible.perhaps.length > 0 ? [possible] : [];
  });
  if (doubts.length === 0 && unclear.length === 0) return { line, on, packets: packetsOf(compared, false) };
  const all = packetsOf(compared, true);
  const packets = doubts.length > 0 ? PacketMap.NONE : packetsOf(compared, false);
  const perhaps = all.apartFrom(packets);
  if (perhaps.isEmpty) return { line, on, packets };
  const because = [...doubts, reasons(unclear)].filter((reason) => reason !== '').join('; ');
  return { line, on, packets, perhaps: { packets: perhaps, because } };
}
