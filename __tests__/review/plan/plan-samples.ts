// Samples for tests of the plan parser: resource names, a gateway's owner and an empty plan, both as parsed. Also
// parses the plan of a PlanBuilder, and lists the problem codes and the actions of a parsed plan.

import { inflateSync } from 'node:zlib';
import { Plan, PlannedOwner } from '../../../lib/review/plan';
import { readPlan } from '../../../lib/review/plan/parse-plan';
import { connectionOf } from '../../driver/samples';
import { PlanBuilder, held } from './plan-builder';
import { sampleRelease } from './sample-stack';

export const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes);
export const read = (plan: PlanBuilder, stack?: unknown): Plan =>
  readPlan(plan.json(), 'edge', { inflate, ...(stack === undefined ? {} : { stack }) });
export const HOLDER = 'terraform_data.gw_web_holder';
export const RELEASE = 'terraform_data.gw_web';
export const REPLACE = ['create', 'delete'];
export const KILLED = 'This is what Terraform has recorded; an apply that was killed leaves no trace in it.';

export const gateway: PlannedOwner = {
  device: 'gw',
  owner: 'web',
  role: 'gateway',
  action: 'unchanged',
  before: [],
  mayRunNone: false,
  uncertain: [KILLED],
  after: undefined,
  changedTriggers: [],
  onRetract: 'as before',
  rollbackSeconds: 90,
  login: 'root@127.0.0.1:22',
};
export const plan: Plan = {
  name: 'edge',
  program: 'Terraform 1.11.4',
  command: '../../../dist/cli/main.js',
  owners: [],
  otherResources: { changed: [], unchanged: 0 },
  unknowns: [],
  objections: [],
};
export const one = {
  text: 'one\n',
  policy: '{}',
  lines: {},
  hostKeys: connectionOf().hostKeys[0]!,
  ownerToken: 'lease-1',
};
export const two = { ...one, text: 'two\n' };
export const applied = { ...one, origin: 'applied' } as const;

export const real = sampleRelease();

export const codes = ({ unknowns, objections }: Plan): readonly string[] => [
  ...unknowns.map(({ code }) => `? ${code.replace('review/', '')}`),
  ...objections.map(({ code }) => `! ${code.replace('review/', '')}`),
];
export const action = ({ owners }: Plan): readonly string[] => owners.map((owner) => owner.action);

/** The ownership record stays, and the release gets this action. */
export const holderStays = (): PlanBuilder => new PlanBuilder().kept(HOLDER, ['no-op'], held(), held());
