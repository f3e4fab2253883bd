import { isHost, networkOf, printAddress, printPrefix } from '../../../net/address';
import { Device } from '../../../net/device';
import { FoundInterface } from '../../../reading/importing';
import { Box } from '../read/box';

/** Those that an intent can name: with an address that the configuration says. */
export const interfacesOf = ({ interfaces }: Device, { byKey }: Box): readonly FoundInterface[] =>
  interfaces
    .filter(({ name, addresses }) => byKey.get(name)?.virtual === false && addresses.length > 0)
    .map(({ name, role, addresses, routes }) => ({
      name,
      role,
      addresses: addresses.map(({ address, length }) => `${printAddress(address)}/${length}`),
      routes: routes
        .filter(
          (route) => !addresses.some((own) => !isHost(route) && printPrefix(networkOf(own.address, own.length)) === printPrefix(route)),
        )
        .map(printPrefix),
      terminatesVpn: role === 'vpn',
    }));
