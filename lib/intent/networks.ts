import { hostPrefix, isHost, networkOf, prefixRange, printAddress, printPrefix } from '../net/address';
import { NetworkInterface } from '../net/device';
import { covers } from '../net/range';
import { Problem } from '../problems/problem';
import { KnownInterface } from './interfaces';
import * as say from './problems/gateway';

type Written = NetworkInterface['addresses'][number];

/** Addresses of a server that say another length of their network than the gateway's own address in it. */
export function differingNetworks(
  where: string,
  server: readonly NetworkInterface[],
  gateway: readonly KnownInterface[],
): readonly Problem[] {
  const all = server.flatMap(({ addresses }) => addresses);
  return all.flatMap((one): readonly Problem[] => {
    // Alone, as an alias has it, it says nothing of a network.
    const on = isHost(networkOf(one.address, one.length)) ? undefined : neighbour(one, gateway);
    if (!on || on.own.length === one.length) return [];
    const by = `${on.name} of the gateway that maps it (${written(on.own)})`;
    return [say.networkDiffers(where, written(one), network(one), by, network(on.own))];
  });
}

/** The gateway's address in the smallest network that has the server. Undefined where it is rather behind a route. */
function neighbour(
  { address }: Written,
  gateway: readonly KnownInterface[],
): { readonly name: string; readonly own: Written } | undefined {
  const holds = (prefix: ReturnType<typeof networkOf>): boolean =>
    covers(prefixRange(prefix), prefixRange(hostPrefix(address)));
  const [best] = gateway
    .flatMap(({ has }) => has.addresses.map((own) => ({ name: has.name, own })))
    .filter(({ own }) => holds(networkOf(own.address, own.length)))
    .sort((a, b) => b.own.length - a.own.length);
  const routes = gateway.flatMap(({ has }) => has.routes).filter(holds);
  return best && routes.every(({ length }) => length <= best.own.length) ? best : undefined;
}

const network = ({ address, length }: Written): string => printPrefix(networkOf(address, length));
const written = ({ address, length }: Written): string => `${printAddress(address)}/${length}`;
