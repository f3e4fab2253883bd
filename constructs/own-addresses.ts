import { prefixRange, printAddress, printPrefix } from '../lib/net/address';
import { contains } from '../lib/net/range';
import { GatewayPolicy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Member, Reached } from './member';

/** Virtual IPs of a gateway that another one of its stack has on an interface. Stacks may be copies of each other, of one set of addresses. */
export function takenFromOthers(gateways: readonly Reached<GatewayPolicy>[]): readonly Problem[] {
  const own = gateways.flatMap(({ device, policy }) =>
    policy.interfaces.flatMap((on) => on.addresses.map(({ address }) => ({ device, on: on.name, address }))),
  );
  return gateways.flatMap(({ device, policy }) =>
    policy.virtualIps.flatMap(({ name, outside }) => {
      const range = prefixRange(outside);
      const taken = own.find(
        (one) => one.device.stack === device.stack && one.device.device !== device.device && contains(range, one.address),
      );
      return taken ? [ofOther(device.placeOf(`virtual IP ${name}`), printPrefix(outside), taken)] : [];
    }),
  );
}

const ofOther = (where: string, wrote: string, { device, on, address }: { device: Member; on: string; address: bigint }): Problem => ({
  code: 'constructs/address-of-other-gateway',
  where,
  what: `${wrote}${wrote === printAddress(address) ? ' is' : ` contains ${printAddress(address)},`} the own address of ${device.where} on ${on}: both would answer for it, and what is for the one, SSH too, would go to either.`,
  instead: 'A public address that no gateway has itself.',
});
