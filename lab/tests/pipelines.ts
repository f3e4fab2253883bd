// Tests the workflows of pipelines/ for GitHub and GitLab with the lab's devices: plan, review, comment, refusal of an
// exchanged plan, and apply. Stand-ins in lab/pipeline take the place of the provider's runner and of its API.
import { match, ok, strictEqual } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../command';
import { Lab } from '../lab';
import { Project, Said } from '../pipeline/project';
import { Event, JobRun, READER, Runner } from '../pipeline/runner';
import { REPOSITORY } from '../stack';
import { PROVIDERS, Provider } from '../workflows';
import { LAB_PORTS, reachable, serves, terraformPath } from './deployment';
import { LabSuite } from './test';

const RULES = {
  format: 1,
  allowed: [{ services: ['web', 'mail', 'dns', 'panel', 'ping'] }],
  admin: [{ services: ['ssh', 'whm'], from: ['10.9.0.0/24'] }],
  forbidden: ['mysql'],
};
const AS_IT_IS: Said = { profile: {}, rules: RULES };
const WITHOUT_IMAP: Said = {
  profile: { services: ['web', 'dns', 'panel', 'smtp', 'smtps', 'submission', 'pop3s'] },
  rules: RULES,
};
const MYSQL: Said = { profile: { extra: [{ service: 'mysql', from: 'anywhere' }] }, rules: RULES };

function went(job: JobRun): JobRun {
  if (job.failedAt !== undefined)
    throw new Error(`${job.failedAt} ended with ${job.status}:\n${job.output.slice(-4000)}`);
  return job;
}

function stopped(job: JobRun, at: string, status: number): void {
  strictEqual(`${job.failedAt} ${job.status}`, `${at} ${status}`, job.output.slice(-4000));
}

/** Returns the pipeline's only comment. A second one is an error, and comments by others must be unchanged. */
async function commentOf(runner: Runner): Promise<{ readonly id: number; readonly body: string }> {
  const all = await runner.comments();
  const own = all.filter(({ by }) => by !== 'somebody');
  strictEqual(own.length, 1);
  strictEqual(all.filter(({ by, body }) => by === 'somebody' && body.includes('Nothing to object to')).length, 1);
  return own[0]!;
}

const plansOf = (provider: Provider, { files }: JobRun): string =>
  join(files, provider === 'github' ? 'plans' : '', 'plans.tar');

/** Prepares devices as docs/how-to/pipelines.md says: the plan's account may only read. */
async function prepare(lab: Lab): Promise<void> {
  const script = await must([process.execPath, join(REPOSITORY, 'dist/cli/main.js'), 'bootstrap', '--reader', READER]);
  for (const device of ['edge1', 'web1']) await lab.does(device, 'sh -s', { input: script });
}

async function wholeWay(lab: Lab, provider: Provider): Promise<void> {
  await prepare(lab);
  const project = await Project.make(lab, `project-${provider}`);
  const runner = await Runner.start(lab, provider, project, await terraformPath());
  const first = await project.commit(AS_IT_IS);
  const second = await project.commit(WITHOUT_IMAP);
  const third = await project.commit(MYSQL);
  try {
    const pull = (commit: string): Event => ({ kind: 'pull request', commit, base: first });
    const push = (commit: string): Event => ({ kind: 'push', commit, base: first });

    const planned = went(await runner.job('plan', push(first)));
    went(await runner.job('comment', pull(first), planned));
    const created = await commentOf(runner);
    match(created.body, /^<!-- cpanel-edge review -->\n/);
    ok(created.body.includes(`Commit ${first}`), created.body.slice(-500));

    // Objections end the plan's job, and so all jobs that need it. The comment is renewed in place and has the reason.
    const refused = await runner.job('plan', pull(third));
    stopped(refused, 'Decide', 1);
    went(await runner.job('comment', pull(third), refused));
    const renewed = await commentOf(runner);
    strictEqual(renewed.id, created.id);
    ok(
      renewed.body.includes(`Commit ${third}`) && renewed.body.includes('rules/forbidden'),
      renewed.body.slice(0, 3000),
    );

    // Exchanged after the review for the plan of another commit, whose own digest would be right.
    const plans = plansOf(provider, planned);
    const right = readFileSync(plans);
    const other = went(await runner.job('plan', push(second)));
    writeFileSync(plans, readFileSync(plansOf(provider, other)));
    stopped(await runner.job('apply', push(first), planned), 'Compare', 1);
    // With a right digest, it still isn't the commit's plan.
    const foreign = await runner.job('apply', push(first), other);
    stopped(foreign, 'Decide', 1);
    strictEqual(await reachable(lab), 'none');

    writeFileSync(plans, right);
    went(await runner.job('apply', push(first), planned));
    await serves(lab, 'applied by the pipeline');
    for (const { output } of [planned, refused, other, foreign])
      ok(!output.includes('PRIVATE KEY'), 'a key is in the log');
    if (provider === 'gitlab') return;

    // The devices have releases by now.
    went(await runner.job('apply', push(second), went(await runner.job('plan', push(second)))));
    await serves(lab, 'imap closed by the pipeline', LAB_PORTS.replace('993,', ''));
  } finally {
    await runner.withdraw(first);
    runner.stop();
  }
}

/** One lab for each provider: every job starts as many programs as three deployments. */
export const pipelines: readonly LabSuite[] = PROVIDERS.map((provider) => ({
  name: `pipelines of ${provider}`,
  tests: [
    {
      name: 'its workflow plans, reviews, comments, refuses an exchanged plan, applies and verifies',
      run: (lab) => wholeWay(lab, provider),
    },
  ],
}));
