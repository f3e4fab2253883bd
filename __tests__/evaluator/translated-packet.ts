// Returns a packet as it leaves the evaluated device, after translation.

import { Rewrite, Translation } from '../../lib/reachability/reachability';
import { Address } from '../../lib/net/address';
import { Packet } from '../../lib/net/packet';

/** The packet as it leaves, or undefined if the translation can't name it. */
export function leavesAs(packet: Packet, { destination, source, port }: Translation): Packet | undefined {
  const [to, from] = [rewritten(packet.destination, destination), rewritten(packet.source, source)];
  return to === undefined || from === undefined
    ? undefined
    : { ...packet, destination: to, source: from, port: port === 'kept' ? packet.port : port };
}

function rewritten(address: Address, rewrite: Rewrite): Address | undefined {
  switch (rewrite.is) {
    case 'kept':
      return address;
    case 'moved':
      return (address + rewrite.distance) as Address;
    case 'set':
      return rewrite.to;
    case 'unclear':
      return undefined;
    default:
      return rewrite satisfies never;
  }
}
