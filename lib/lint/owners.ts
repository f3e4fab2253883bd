// Selects the gateways, the servers and their reachability views from the subject of lint.

import { Reachability } from '../reachability/reachability';
import { memoize } from '../net/intern-tables';
import { LintSubject, SubjectOwner } from './lint-subject';

/** Memoized: every rule asks for the gateways, among thousands of owners. */
export const listGateways = memoize(({ owners }: LintSubject): readonly SubjectOwner[] => owners.filter(isGateway));

export const isGateway = ({ policy, device }: SubjectOwner): boolean =>
  policy ? policy.kind === 'gateway' : device.forwarding;

export const listServers = memoize(({ owners }: LintSubject): readonly SubjectOwner[] =>
  owners.filter((owner) => !isGateway(owner)),
);

export const selectViews = (
  { device, reachability }: Pick<SubjectOwner, 'device' | 'reachability'>,
  isOutside: boolean,
): Reachability['views'] => {
  const names = new Set(
    device.interfaces.filter(({ role }) => (role === 'outside') === isOutside).map(({ name }) => name),
  );
  return reachability.views.filter(
    ({ startLocation }) => startLocation.kind === 'interface' && names.has(startLocation.name),
  );
};
