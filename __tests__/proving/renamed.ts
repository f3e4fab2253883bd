import { Address, networkOf, parseAddress, printAddress } from '../../lib/net/address';
import { Policy } from '../../lib/policy/policy';
import { decodePolicy } from '../../lib/proving/policy-codec';

export const LITERAL = /(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?/g;

/** A policy whose private network is another one, and one of whose addresses lies further on. */
export function renamed(encoded: string, network: number, moved: number, by: bigint): Policy | undefined {
  const all = [...new Set([...encoded.matchAll(LITERAL)].map(([, address]) => address!))];
  const others = new Map(
    all.map((address, i) => {
      const to = parseAddress(address.replace(/^10\.0\./, `10.${network}.`))!;
      return [address, (i === moved ? to + by : to) as Address];
    }),
  );
  const text = encoded.replace(LITERAL, (_, address: string, length: string | undefined) => {
    const to = others.get(address)!;
    return length === undefined ? printAddress(to) : `${printAddress(networkOf(to, Number(length)).first)}/${length}`;
  });
  try {
    return decodePolicy(text);
  } catch {
    return undefined;
  }
}
