import { Project, Stacks } from './files';
import { settled } from './intents';
import { Opening, directlyReached } from './meant';
import { reachable } from './services';
import { stackText } from './stack';
import { Wish } from './wish';

/** Of `init --stacks apart`. */
export const APART: Stacks = ['gateways', 'servers'];

/** One gateway, one server and one public address. Throws Refusal with all that synthesis would refuse. */
export function fromWish(wish: Wish, stacks?: Stacks): Project {
  const found = settled(wish);
  const { gateway, server, virtualIp, profile } = found.intents;
  const { byEverybody, byOperators } = reachable(profile.services as readonly string[], profile.ping !== undefined);
  const operators = profile.management.from as readonly string[];
  const remarks = directlyReached(gateway.platform);
  const to = remarks.length > 0 ? [virtualIp.address, server.addresses![0]!.split('/')[0]!] : virtualIp.address;
  const openings: readonly Opening[] = [
    { to, service: byEverybody },
    { to, service: byOperators, from: operators },
  ];
  return {
    ...{ name: 'edge', stacks },
    files: new Map([['edge.ts', stackText(found, stacks)]]),
    meant: { openings, perhaps: [], remarks },
    rules: { allowed: [{ services: byEverybody }], admin: [{ services: byOperators, from: operators }] },
  };
}
