// Helpers for the tests of review rules: sample allow rules, a sample gateway and server with them, the lint subject
// of given policies, and the findings of given review rules in such a subject.

import { computeEndToEnd } from '../../../lib/reachability/end-to-end';
import { LintSubject, SubjectOwner } from '../../../lib/lint/lint-subject';
import { Policy } from '../../../lib/policy/policy';
import { verifyPolicy } from '../../../lib/verifier/verify-policy';
import { ReviewRules } from '../../../lib/review/rules';
import { enforceRules } from '../../../lib/review/rules/find-broken-rules';
import { gateway, mapping, opening, openings, ports, ranges, server, virtualIp } from '../../generate/support';

export const HTTPS = opening({ ports: ports(443) });
export const MYSQL = opening({ ports: ports(3306), origin: 'mysql' });
export const SSH = opening({ ports: ports(22), sources: ranges('198.51.100.0/24'), origin: 'ssh' });
export const PING = opening({ protocol: 1, ports: ports(8), origin: 'ping' });

export function subjectOf(...policies: readonly Policy[]): LintSubject {
  const owners = policies.map((policy): SubjectOwner => {
    const { device, evaluated } = verifyPolicy(policy);
    return {
      name: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
      policy,
      device,
      reachability: evaluated.reachability,
    };
  });
  const servers = owners.filter(({ policy }) => policy?.kind === 'server');
  const gateways = owners.filter(({ policy }) => policy?.kind === 'gateway');
  return {
    owners,
    composedGateways: gateways.map((one) => ({
      gateway: one,
      endToEndViews: computeEndToEnd(one.reachability, one.device, servers),
    })),
  };
}

export const edge = (...entries: readonly ReturnType<typeof opening>[]) =>
  gateway([mapping('203.0.113.10', '10.0.0.10', { name: 'web', allowRules: openings('cpanel', entries) })], {
    virtualIps: [virtualIp('203.0.113.10')],
  });
export const host = (...entries: readonly ReturnType<typeof opening>[]) =>
  server({ allowRules: openings('cpanel', entries) });

export const facts = { changes: [], devicesChanged: 1, today: '2027-01-15' };
export const found = (rules: Omit<ReviewRules, 'format'>, subject: LintSubject, ...before: readonly LintSubject[]) =>
  enforceRules({ format: 1, ...rules }, subject, { ...facts, before }).map(
    ({ code, where, what }) => `${code} | ${where} | ${what}`,
  );
