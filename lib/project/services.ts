import { PRESETS } from '../intent/data/presets';
import { SERVICES, Service } from '../intent/data/services';

/** Services as tests and review rules name them, by who may reach them. */
interface Reachable {
  readonly byEverybody: readonly string[];
  readonly byOperators: readonly string[];
}

/** Presets bring services for operators, too: those are named one by one. The way back in is SSH. */
export function reachable(services: readonly string[], ping: boolean): Reachable {
  const parts = services.flatMap((name): readonly Part[] => {
    const preset = SERVICES.has(name) ? undefined : PRESETS.get(name);
    if (!preset?.inbound.some(([, { administrative }]) => administrative)) return [{ name, forOperators: false }];
    return preset.inbound.flatMap(([part, service]) => partsOf(part, service));
  });
  const named = (of: boolean): readonly string[] => parts.filter(({ forOperators }) => forOperators === of).map(({ name }) => name);
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
