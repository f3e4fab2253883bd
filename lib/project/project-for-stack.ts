// Creates the project around a stack that `import` generated: the stack's files, the expected exposure for the test,
// and review rules that allow what the internet reaches.

import { findServicePackets } from '../intent/service-packets';
import { HARMLESS_ICMP } from '../spec/server-spec';
import { groupBy } from '../net/group-by';
import { InternetReachability } from '../verifier/internet-reachability';
import { DEFAULT_FRAMEWORK } from '../report/render-stack-source';
import { Project } from './project-files';
import { ExposedService, toExpectedExposure } from './expected-exposure';

type ReachablePackets = Pick<InternetReachability, 'allowed' | 'reachable'>;

export interface StackProject extends Project {
  /** Openings that review rules can't name. A review objects to them. */
  readonly unnamed: readonly string[];
}

/** Creates a project around an existing stack. Its test and its review rules list what the internet reaches. */
export function createProjectForStack(
  name: string,
  files: ReadonlyMap<string, string>,
  outside: ReachablePackets,
  remarks: readonly string[],
  framework = DEFAULT_FRAMEWORK,
): StackProject {
  const reviewed = toExpectedExposure({
    allowed: dropHarmless(outside.allowed),
    reachable: dropHarmless(outside.reachable),
  });
  const services = [...reviewed.openings, ...reviewed.perhaps];
  const allowed = createAllowedRules(services);
  return {
    name,
    framework,
    files,
    expectedExposure: { ...toExpectedExposure(outside), remarks },
    rules: allowed.length === 0 ? {} : { allowed },
    unnamed: [
      ...new Set(
        services.flatMap(({ to, service = ['everything'] }) =>
          service
            .filter((serviceName) => !isNamedService(serviceName))
            .map((serviceName) => `${serviceName} on ${toList(to).join(', ')}`),
        ),
      ),
    ],
  };
}

/** Removes harmless ICMP, which review rules don't check. */
const dropHarmless = (packets: ReachablePackets['allowed']): ReachablePackets['allowed'] =>
  packets.subtract(HARMLESS_ICMP);

/** Creates review rules, one for all hosts with the same openings. The rules don't name excluded sources. */
function createAllowedRules(exposedServices: readonly ExposedService[]): readonly object[] {
  const hosts = new Set(exposedServices.flatMap(({ to }) => toList(to)));
  const named = exposedServices.flatMap(({ to, service = [], from }) => {
    const services = service.filter(isNamedService);
    return services.length === 0
      ? []
      : [{ to, services, ...(typeof from === 'string' || from === undefined ? {} : { from }) }];
  });
  return [...groupBy(named, ({ services, from }) => JSON.stringify([services, from])).values()].map((group) => {
    const [{ services, from }] = group;
    const to = new Set(group.flatMap((rule) => toList(rule.to)));
    return { services, ...(from ? { from } : {}), ...(to.size === hosts.size ? {} : { to: [...to] }) };
  });
}

const isNamedService = (service: string): boolean => findServicePackets(service) !== undefined;
const toList = (to: ExposedService['to']): readonly string[] => (typeof to === 'string' ? [to] : to);
