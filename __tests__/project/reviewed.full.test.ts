// Tests, for pairs of platforms, that the review of a new project's first plan objects to nothing and leaves nothing
// unknown.

import { findAcceptedIntents } from '../../lib/project/project-intents';
import { ProjectAnswers, fillAnswers } from '../../lib/project/project-questions';
import { createProjectFiles } from '../../lib/project/project-files';
import { createProject } from '../../lib/project/create-project';
import { knownPlatforms } from '../../lib/registry';
import { Review } from '../../lib/review/review';
import { parseRules } from '../../lib/review/rules/parse-rules';
import { reviewed } from '../review/samples';
import { compiled } from '../support';
import { drawCases } from '../randomly';

/** Returns the review of a project's first plan, by the project's own rules. */
function firstReview(given: Partial<ProjectAnswers>): Review {
  const wish = fillAnswers(given);
  const { gateway, server, profile, virtualIp, mapping } = findAcceptedIntents(wish).intents;
  const { policies, problems } = compiled(
    { gateway: { ...gateway, virtualIps: [virtualIp], mappings: [mapping] }, servers: [{ ...server, profile }] },
    'nftables',
  );
  expect([policies.length, problems]).toEqual([2, []]);
  const rules = parseRules(createProjectFiles(createProject(wish), '0.1.0').get('cpanel-edge.rules.json')!, 'rules');
  return reviewed([], policies, { rules: { name: 'rules', rules } });
}

const serving = (role: 'gateway' | 'server'): readonly string[] =>
  knownPlatforms.flatMap(({ id, roles }) => (roles.includes(role) ? [id] : []));
const PAIRS = serving('gateway').flatMap((gatewayPlatform) =>
  serving('server').map((serverPlatform) => ({ gatewayPlatform, serverPlatform })),
);

test.each(drawCases(PAIRS, 4))(
  '$gatewayPlatform and $serverPlatform: the review objects to nothing in the first plan',
  (platforms) => {
    const { verdict, counts, objections, unknown } = firstReview(platforms);
    expect([verdict, counts.closed]).toEqual(['warnings', 0]);
    expect([
      objections.map(({ code, what }) => `${code}: ${what}`),
      unknown.map(({ code, what }) => `${code}: ${what}`),
    ]).toEqual([[], []]);
  },
);
