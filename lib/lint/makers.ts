import { clientPacket } from '../reachability/client';
import { PacketMap, PacketSet } from '../net/packet-map';
import { viewsFrom } from './owners';
import { Maker } from './subject';
import { Target } from './targets';
import { allowedAt, splitByDestination } from './verdicts';

/** A sentence on each program that lets some of these packets in from outside: who it is, and how that is changed. Empty: none that is known. */
export function letInBy(targets: readonly Target[], packets: PacketSet): string {
  const makers = targets.flatMap(({ owner, at, open }): readonly Maker[] => {
    if (!owner.letInBy) return [];
    const wanted = packets.within(open).within(PacketMap.set({ destination: at }));
    return viewsFrom(owner, true).flatMap((view) => {
      const packet = clientPacket(allowedAt(view.verdicts).within(splitByDestination(view).kept).within(wanted));
      return (packet && owner.letInBy?.(view.vantage, packet)) ?? [];
    });
  });
  const byName = new Map(makers.map((one) => [one.name, one]));
  return [...byName.values()]
    .map(({ name, change }) => ` ${capital(name)} opens it, which is changed for good ${change}.`)
    .join('');
}

const capital = (text: string): string => (text.startsWith('the ') ? `T${text.slice(1)}` : text);
