import { ADDRESS, NODES } from '../topology';

/** Who asks and whom. */
export interface Target {
  readonly from: string;
  readonly to: string;
  /** One of the asker's addresses; what its routes choose where it isn't given. */
  readonly source?: string;
}

const linksOf = (name: string) => NODES.find((node) => node.name === name)?.links ?? [];
const plain = (address: string): string => address.split('/')[0] ?? '';

/** The addresses that packets of this asker can have. */
const sourcesOf = ({ from, source }: Target): readonly string[] =>
  source === undefined ? linksOf(from).flatMap(({ addresses }) => addresses.map(plain)) : [source];

/** Addresses that the server may see this asker as: its own, and the gateway's where a hairpin translates it. */
export const seenAsOf = (target: Target): readonly string[] =>
  linksOf(target.from)[0]?.segment === 'lan' ? [...sourcesOf(target), ADDRESS.gatewayLan] : sourcesOf(target);

/** What nmap needs to ask as somebody; nothing where the routes decide. */
export function spoken(from: string, source: string | undefined): readonly string[] {
  if (source === undefined) return [];
  const link = linksOf(from).find(({ addresses }) => addresses.map(plain).includes(source));
  if (!link) throw new Error(`${from} has no address ${source}.`);
  return ['-S', source, '-e', link.name];
}
