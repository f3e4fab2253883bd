// lib/project: files of a new project. Answers of the operator, or the reachability of an imported stack, come in. The
// files go out as texts: the stack, its test, its review rules and the package's settings. This folder writes no file
// and knows no single platform: it asks the registry. It may not import parsers, lint or review.

import { PRESETS } from '../intent/data/presets';
import { SERVICES, ServiceDefinition } from '../intent/data/services';
import { Project, StackNames } from './project-files';
import { findAcceptedIntents } from './project-intents';
import { ExposedService, getDirectAccessRemarks } from './expected-exposure';
import { renderStack } from './render-stack';
import { ProjectAnswers } from './project-questions';

/** The stacks of `init --stacks apart`. */
export const SEPARATE_STACKS: StackNames = ['gateways', 'servers'];

/**
 * Creates a project with one gateway, one server and one public address.
 *
 * @throws Refusal with all problems for which synthesis would refuse it
 */
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
    framework: accepted.framework,
    stacks,
    files: new Map([['edge.ts', renderStack(accepted, stacks)]]),
    expectedExposure: { openings, perhaps: [], remarks },
    rules: { allowed: [{ services: byEverybody }], admin: [{ services: byOperators, from: operators }] },
  };
}

/** Services as tests and review rules name them, by who may reach them. */
interface ServicesByAudience {
  readonly byEverybody: readonly string[];
  readonly byOperators: readonly string[];
}

/**
 * Groups services by who may reach them. A preset with services for operators is split into its services. SSH is the
 * way back in, so it is always the operators'.
 */
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

/** Returns the name of a part of a preset, or its ports if no service has that name. */
const toServiceParts = (name: string, { ports, administrative }: ServiceDefinition): readonly ServicePart[] =>
  (SERVICES.has(name)
    ? [name]
    : ports.map(({ first, last, protocol }) => `${first === last ? first : `${first}-${last}`}/${protocol}`)
  ).map((partName) => ({ name: partName, forOperators: administrative }));
