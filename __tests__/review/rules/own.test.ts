// Tests that this repository's stacks keep its own review rules (cpanel-edge.rules.json), that a stack which opens more
// breaks them, and that every entry under `allowed` is needed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdktf';
import { computeEndToEnd } from '../../../lib/reachability/end-to-end';
import { LintSubject, SubjectOwner } from '../../../lib/lint/lint-subject';
import { Remark } from '../../../lib/review/review';
import { ReviewRules } from '../../../lib/review/rules';
import { enforceRules } from '../../../lib/review/rules/find-broken-rules';
import { parseRules } from '../../../lib/review/rules/parse-rules';
import { synthesizedProofs } from '../../../lab/verified-releases';
import { EdgeEnvironment, EdgeStack } from '../../../stacks/edge-stack';
import { lab } from '../../../stacks/environments/lab';
import { production } from '../../../stacks/environments/production';
import { synthesized } from '../../constructs/synthesized';

const FILE = 'cpanel-edge.rules.json';
const rules = parseRules(readFileSync(join(__dirname, '../../..', FILE), 'utf8'), FILE);

/** Returns the owners of an environment, as lint gets them, from the parsed Terraform JSON. */
function subjectOf(environment: EdgeEnvironment): LintSubject {
  const stack = new EdgeStack(new App({ stackTraces: false }), 'edge', environment);
  const owners = synthesizedProofs(synthesized(stack)).map(({ policy, device, evaluated }): SubjectOwner => ({
    name: `${policy.kind} ${policy.device}`,
    policy,
    device,
    reachability: evaluated.reachability,
  }));
  const servers = owners.filter(({ policy }) => policy?.kind === 'server');
  const gateways = owners.filter(({ policy }) => policy?.kind === 'gateway');
  return {
    owners,
    composedGateways: gateways.map((gateway) => ({
      gateway,
      endToEndViews: computeEndToEnd(gateway.reachability, gateway.device, servers),
    })),
  };
}

const broken = (subject: LintSubject, by: ReviewRules = rules): readonly Remark[] =>
  enforceRules(by, subject, { changes: [], devicesChanged: subject.owners.length, today: '2027-01-15' });

it.each([
  ['lab', lab],
  ['production', production],
])('the rules of this repository hold for %s', (_, environment) => {
  expect(broken(subjectOf(environment))).toEqual([]);
});

it('each of the rules forbids something that one of the two stacks could do', () => {
  const cpanel = production.profiles['cpanel']!;
  const opened = {
    ...production,
    profiles: {
      ...production.profiles,
      cpanel: { ...cpanel, extra: [{ service: 'mysql', from: 'anywhere' }, '8080/tcp'] },
    },
  };
  expect(new Set(broken(subjectOf(opened as EdgeEnvironment)).map(({ code, where }) => `${code} ${where}`))).toEqual(
    new Set([
      'rules/forbidden gateway edge1, mappings cpanel, shop',
      'rules/not-allowed gateway edge1, mappings cpanel, shop',
    ]),
  );
  const subject = subjectOf(production);
  // Every entry of "allowed" is needed: without it something breaks.
  for (const entry of rules.allowed!) {
    expect(broken(subject, { ...rules, allowed: rules.allowed!.filter((one) => one !== entry) })).not.toEqual([]);
  }
  expect(
    broken(subject, { ...rules, admin: [{ services: ['ssh'], from: ['10.9.0.0/24'] }] }).map(({ code }) => code),
  ).toContain('rules/admin-source');
});
