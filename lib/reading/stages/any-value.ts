import { PacketMap } from '../../net/packet-map';
import { Outcome, either } from './outcomes';

/** What is said to packets of which one field could be anything: what is the same for all its values, and unknown elsewhere. Defined everywhere. */
export function forgetting(said: PacketMap<Outcome>, field: 'source' | 'sourcePort', because: string): PacketMap<Outcome> {
  const [first, ...others] = said.values.map((outcome) =>
    said
      .where((one) => one === outcome)
      .anyAlong(field)
      .map(() => outcome),
  );
  if (!first) return said;
  return others.reduce((all, one) => all.with(one, (a, b) => either(a, b, because)), first);
}
