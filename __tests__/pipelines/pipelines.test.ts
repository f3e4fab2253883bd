// Tests the workflow files in pipelines/ (GitHub, GitLab): valid shell, no secret printed, only what was reviewed is
// applied.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { COMMENT_MARKER } from '../../lib/review/print/review-markdown';
import { PROVIDERS, workflow } from '../../lab/workflows';

const [github, gitlab] = [workflow('github'), workflow('gitlab')];
const both = PROVIDERS.map((provider) => ({ provider, of: provider === 'github' ? github : gitlab }));

/** What only one of the two has, because only it can say it so. */
const GITHUB_ALONE = ['Digest', 'Summary'];

const ORDER = {
  plan: ['Install', 'Log in', 'Synthesize', 'Ask the devices', 'Plan', 'Review', 'Hand over', 'Decide'],
  comment: ['Comment'],
  apply: [
    'Compare',
    'Install',
    'Log in',
    'Synthesize',
    'Take over',
    'Ask the devices',
    'Review',
    'Decide',
    'Apply',
    'Verify',
  ],
};

it.each(['plan', 'comment', 'apply'] as const)(
  'both do the same for %s, in the same order, by the same commands',
  (job) => {
    const commands = (of: typeof github) =>
      of.jobs[job].steps.filter(({ name }) => !GITHUB_ALONE.includes(name)).map(({ name, run }) => [name, run.trim()]);
    expect(commands(gitlab).map(([name]) => name)).toEqual(ORDER[job]);
    expect(commands(github)).toEqual(commands(gitlab));
  },
);

it('what is said twice in a workflow is the same both times', () => {
  const said = (job: 'plan' | 'apply', name: string) => github.jobs[job].steps.find((step) => step.name === name)!.run;
  for (const name of ['Install', 'Log in', 'Synthesize', 'Ask the devices', 'Review', 'Decide'])
    expect(said('apply', name)).toBe(said('plan', name));
});

describe.each(both)('$provider', ({ of, provider }) => {
  it('every step has a name, and every command is what a POSIX shell reads', () => {
    for (const { steps } of Object.values(of.jobs)) {
      for (const { name, run } of steps) {
        expect(name).toMatch(/^[A-Z]/);
        const { status, stderr } = spawnSync('sh', ['-n'], { input: run, encoding: 'utf8' });
        expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' });
      }
    }
  });

  it('no command lets the provider put somebody’s text into it, and none prints a secret', () => {
    for (const { steps } of Object.values(of.jobs)) {
      for (const { run } of steps) {
        expect(run).not.toMatch(/\$\{\{/);
        expect(run).not.toMatch(/set -\w*x|printenv|^\s*env\b/m);
        // The key goes to ssh-add alone, on its standard input.
        for (const line of run.split('\n').filter((one) => one.includes('CPANEL_EDGE_SSH_KEY')))
          expect(line).toMatch(/\| ssh-add -q -$/);
      }
    }
  });

  it('applies only what was reviewed: digest, then review of the same commit, then the plan files', () => {
    const run = (name: string) => of.jobs.apply.steps.find((step) => step.name === name)!.run;
    // Before anything else, so that nothing of this commit runs beside a plan that somebody exchanged.
    expect(of.jobs.apply.steps[0]).toMatchObject({ name: 'Compare' });
    expect(run('Compare').trim()).toBe(`printf '%s  plans.tar\\n' "$PLANS_SHA256" | sha256sum --check --strict`);
    expect(run('Review')).toContain('--synthesized cdktf.out');
    expect(run('Apply')).toMatch(/ apply [^\n]*\bplan\n/);
    expect(run('Apply')).not.toContain('auto-approve');
  });

  it('finds its own comment by the first line that the review writes', () => {
    expect(of.jobs.comment.steps[0]!.run).toContain(`startsWith("${COMMENT_MARKER}")`);
    expect(of.jobs.comment.steps[0]!.run).toContain(`'${COMMENT_MARKER}'`);
  });

  it('every job ends by itself', () => {
    for (const { raw } of Object.values(of.jobs))
      expect(raw[provider === 'github' ? 'timeout-minutes' : 'timeout']).toBeDefined();
  });

  it('docs/how-to/pipelines.md names whatever is to be set up', () => {
    const docs = readFileSync(join(__dirname, '../../docs/how-to/pipelines.md'), 'utf8');
    const set = [...of.text.matchAll(/(?:secrets\.|vars\.|\$)(CPANEL_EDGE_[A-Z_]+)/g)].map(([, name]) => name!);
    expect(set.length).toBeGreaterThan(1);
    for (const name of new Set(set)) expect(docs).toContain(`\`${name}\``);
    for (const name of ['cpanel-edge-plan', 'production']) expect(docs).toContain(`\`${name}\``);
  });
});

describe('github', () => {
  const jobs = Object.entries(github.jobs);

  it('has no permission that a job does not need', () => {
    expect(github.raw['permissions']).toEqual({});
    expect(jobs.map(([name, { raw }]) => [name, raw['permissions']])).toEqual([
      ['plan', { contents: 'read' }],
      ['comment', { 'pull-requests': 'write' }],
      ['apply', { contents: 'read' }],
    ]);
  });

  it('runs nothing for a pull request of a fork, and nothing with secrets that a pull request must not see', () => {
    expect(Object.keys(github.raw['on'] as object)).toEqual(['pull_request', 'push']);
    expect(github.jobs.plan.raw['if']).toContain('github.event.pull_request.head.repo.full_name == github.repository');
    expect(github.jobs.apply.raw['if']).toBe("github.event_name == 'push'");
    expect(github.jobs.apply.raw['environment']).toBe('production');
    expect(github.text.match(/secrets\.\w+/g)).toEqual(['secrets.CPANEL_EDGE_SSH_KEY', 'secrets.CPANEL_EDGE_SSH_KEY']);
  });

  it('the job that may write runs nothing of the repository', () => {
    const uses = (github.jobs.comment.raw['steps'] as readonly { readonly uses?: string }[]).flatMap(
      ({ uses: one }) => one ?? [],
    );
    expect(uses).toEqual([expect.stringMatching(/^actions\/download-artifact@/)]);
  });

  it('never applies twice at once, and never cancels what may be applying', () => {
    expect(github.jobs.apply.raw['concurrency']).toEqual({ group: 'cpanel-edge-apply', 'cancel-in-progress': false });
    expect(github.raw['concurrency']).toMatchObject({
      'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
    });
  });

  it('every action is a commit, and says which version that is', () => {
    const lines = github.text.split('\n').filter((line) => line.includes('uses:'));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(line).toMatch(/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('the digest does not travel with the plans', () => {
    expect(github.jobs.plan.raw['outputs']).toEqual({ PLANS_SHA256: '${{ steps.digest.outputs.PLANS_SHA256 }}' });
    expect(github.jobs.apply.steps.find(({ name }) => name === 'Compare')!.env).toEqual({
      PLANS_SHA256: '${{ needs.plan.outputs.PLANS_SHA256 }}',
    });
  });
});

describe('gitlab', () => {
  it('applies by hand, one at a time, in an environment that can be protected', () => {
    const { raw } = gitlab.jobs.apply;
    expect(raw['resource_group']).toBe('production');
    expect(raw['environment']).toEqual({ name: 'production' });
    expect(raw['rules']).toEqual([
      expect.objectContaining({ when: 'manual', if: expect.stringContaining('$CI_DEFAULT_BRANCH') as string }),
    ]);
    expect(raw['interruptible']).toBe(false);
  });

  it('runs nothing for a merge request of a fork', () => {
    const same = '$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID';
    for (const job of ['plan', 'comment'] as const) {
      const rules = gitlab.jobs[job].raw['rules'] as readonly { readonly if: string }[];
      for (const rule of rules.filter((one) => one.if.includes('merge_request_event'))) expect(rule.if).toContain(same);
    }
  });

  it('hands the digest over as a variable', () => {
    expect(gitlab.jobs.plan.raw['artifacts']).toMatchObject({
      reports: { dotenv: 'plans.env' },
      access: 'developer',
      when: 'always',
    });
  });

  it('one shell runs all steps of a job, so none may end it where it goes well', () => {
    for (const { steps } of Object.values(gitlab.jobs))
      for (const { run } of steps) expect(run).not.toMatch(/^\s*exit\b/m);
  });
});

it('they do not run in this repository by themselves', () => {
  expect(existsSync(join(__dirname, '../../.github/workflows/cpanel-edge.yml'))).toBe(false);
  expect(existsSync(join(__dirname, '../../.gitlab-ci.yml'))).toBe(false);
});
