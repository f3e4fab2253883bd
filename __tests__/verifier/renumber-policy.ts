// Renumbers the addresses of a policy, for the tests of release shapes.

import { Address, getNetwork, parseAddress, printAddress } from '../../lib/net/address';
import { Policy } from '../../lib/policy/policy';
import { decodePolicy } from '../../lib/verifier/policy-codec';

export const LITERAL = /(\d+\.\d+\.\d+\.\d+|[\da-f]+:[\da-f]*:[\da-f:]*)(?:\/(\d+))?/g;

/** A policy with other private networks, and with one address moved. */
export function renamed(encoded: string, network: number, moved: number, by: bigint): Policy | undefined {
  const all = [...new Set([...encoded.matchAll(LITERAL)].map(([, address]) => address!))];
  const others = new Map(
    all.map((address, i) => {
      const to = parseAddress(
        address.replace(/^10\.0\./, `10.${network}.`).replace(/^2001:db8::/, `2001:db8:${network}::`),
      )!;
      return [address, (i === moved ? to + by : to) as Address];
    }),
  );
  const text = encoded.replace(LITERAL, (_, address: string, length: string | undefined) => {
    const to = others.get(address)!;
    if (length === undefined) return printAddress(to);
    const own = parseAddress(address)!;
    const isNetwork = getNetwork(own, Number(length)).first === own;
    return `${printAddress(isNetwork ? getNetwork(to, Number(length)).first : to)}/${length}`;
  });
  try {
    return decodePolicy(text);
  } catch {
    return undefined;
  }
}
