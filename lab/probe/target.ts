// A sender in the lab and the address that it asks, with the source addresses that the server may see.

import { ADDRESS, NODES } from '../topology';

/** An asker, and the address that it asks. */
export interface Target {
  readonly from: string;
  readonly to: string;
  /** One of the asker's addresses; by default its routes choose it. */
  readonly source?: string;
}

const linksOf = (name: string) => NODES.find((node) => node.name === name)?.links ?? [];
const plain = (address: string): string => address.split('/')[0] ?? '';

/** Returns the addresses that packets of this asker can have. */
const sourcesOf = ({ from, source }: Target): readonly string[] =>
  source === undefined ? linksOf(from).flatMap(({ addresses }) => addresses.map(plain)) : [source];

/**
 * Returns the addresses that the server may see of this asker: its own, and the gateway's if a hairpin translates it.
 */
export const seenAsOf = (target: Target): readonly string[] =>
  linksOf(target.from)[0]?.segment === 'lan' ? [...sourcesOf(target), ADDRESS.gatewayLan] : sourcesOf(target);

/** Returns nmap's options for a source address; none if the routes choose it. */
export function spoken(from: string, source: string | undefined): readonly string[] {
  if (source === undefined) return [];
  const link = linksOf(from).find(({ addresses }) => addresses.map(plain).includes(source));
  if (!link) throw new Error(`${from} has no address ${source}.`);
  return ['-S', source, '-e', link.name];
}
