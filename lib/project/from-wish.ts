import { PRESETS } from '../intent/data/presets';
import { SERVICES, Service } from '../intent/data/services';
import { Project, Stacks } from './files';
import { settled } from './intents';
import { Opening, directlyReached } from './meant';
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
    name: 'edge',
    stacks,
    files: new Map([['edge.ts', stackText(found, stacks)]]),
    meant: { openings, perhaps: [], remarks },
    rules: { allowed: [{ services: byEverybody }], admin: [{ services: byOperators, from: operators }] },
  };
}

/** Services as tests and review rules name them, by who may reach them. */
interface Reachable {
  readonly byEverybody: readonly string[];
  readonly byOperators: readonly string[];
}

/** Presets bring services for operators, too: those are named one by one. The way back in is SSH. */
function reachable(services: readonly string[], ping: boolean): Reachable {
  const parts = services.flatMap((name): readonly Part[] => {
    const preset = SERVICES.has(name) ? undefined : PRESETS.get(name);
    if (!preset?.inbound.some(([, { administrative }]) => administrative)) return [{ name, forOperators: false }];
    return preset.inbound.flatMap(([part, service]) => partsOf(part, service));
  });
  const named = (of: boolean): readonly string[] =>
    parts.filter(({ forOperators }) => forOperators === of).map(({ name }) => name);
  return {
    byEverybody: [...new Set([...named(false), ...(ping ? ['ping'] : [])])],
    byOperators: [...new Set(['ssh', ...named(true)])],
  };
}

interface Part {
  readonly name: string;
  readonly forOperators: boolean;
}

/** A part that has no name of its own is its ports. */
const partsOf = (name: string, { ports, administrative }: Service): readonly Part[] =>
  (SERVICES.has(name)
    ? [name]
    : ports.map(({ first, last, protocol }) => `${first === last ? first : `${first}-${last}`}/${protocol}`)
  ).map((one) => ({ name: one, forOperators: administrative }));
