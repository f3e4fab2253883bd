import { PRESETS } from '../intent/data/presets';
import { SERVICES, ServiceDefinition } from '../intent/data/services';
import { Project, StackNames } from './project-files';
import { findAcceptedIntents } from './project-intents';
import { ExposedService, getDirectAccessRemarks } from './expected-exposure';
import { renderStack } from './render-stack';
import { ProjectAnswers } from './project-questions';

/** Of `init --stacks apart`. */
export const SEPARATE_STACKS: StackNames = ['gateways', 'servers'];

/** One gateway, one server and one public address. Throws Refusal with all that synthesis would refuse. */
export function createProject(answers: ProjectAnswers, stacks?: StackNames): Project {
  const accepted = findAcceptedIntents(answers);
  const { gateway, server, virtualIp, profile } = accepted.intents;
  const { byEverybody, byOperators } = groupServices(profile.services as readonly string[], profile.ping !== undefined);
  const operators = profile.management.from as readonly string[];
  const remarks = getDirectAccessRemarks(gateway.platform);
  const to = remarks.length > 0 ? [virtualIp.address, server.addresses![0]!.split('/')[0]!] : virtualIp.address;
  const openings: readonly ExposedService[] = [
    { to, service: byEverybody },
    { to, service: byOperators, from: operators },
  ];
  return {
    name: 'edge',
    stacks,
    files: new Map([['edge.ts', renderStack(accepted, stacks)]]),
    meant: { openings, perhaps: [], remarks },
    rules: { allowed: [{ services: byEverybody }], admin: [{ services: byOperators, from: operators }] },
  };
}

/** Services as tests and review rules name them, by who may reach them. */
interface ServicesByAudience {
  readonly byEverybody: readonly string[];
  readonly byOperators: readonly string[];
}

/** Presets bring services for operators, too: those are named one by one. The way back in is SSH. */
function groupServices(services: readonly string[], ping: boolean): ServicesByAudience {
  const parts = services.flatMap((name): readonly ServicePart[] => {
    const preset = SERVICES.has(name) ? undefined : PRESETS.get(name);
    if (!preset?.inbound.some(([, { administrative }]) => administrative)) return [{ name, forOperators: false }];
    return preset.inbound.flatMap(([part, service]) => toServiceParts(part, service));
  });
  const listNames = (isForOperators: boolean): readonly string[] =>
    parts.filter(({ forOperators }) => forOperators === isForOperators).map(({ name }) => name);
  return {
    byEverybody: [...new Set([...listNames(false), ...(ping ? ['ping'] : [])])],
    byOperators: [...new Set(['ssh', ...listNames(true)])],
  };
}

interface ServicePart {
  readonly name: string;
  readonly forOperators: boolean;
}

/** A part that has no name of its own is its ports. */
const toServiceParts = (name: string, { ports, administrative }: ServiceDefinition): readonly ServicePart[] =>
  (SERVICES.has(name)
    ? [name]
    : ports.map(({ first, last, protocol }) => `${first === last ? first : `${first}-${last}`}/${protocol}`)
  ).map((partName) => ({ name: partName, forOperators: administrative }));
