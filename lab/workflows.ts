// Parses the CI workflows of pipelines/ (GitHub, GitLab) into jobs and steps, so that tests run the text that users
// copy.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const PROVIDERS = ['github', 'gitlab'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A command step of a job, as in the file, with nothing filled in. */
interface Step {
  readonly name: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Job {
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** The job as the provider parses it. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface Workflow {
  readonly provider: Provider;
  readonly text: string;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<'plan' | 'comment' | 'apply', Job>>;
}

type Fields = Readonly<Record<string, unknown>>;
type Env = Readonly<Record<string, string>>;

/** Returns the workflow of a provider. */
export function workflow(provider: Provider): Workflow {
  const text = readFileSync(join(__dirname, '..', 'pipelines', provider, 'cpanel-edge.yml'), 'utf8');
  const raw = parse(text) as Fields;
  const jobs = (provider === 'github' ? raw['jobs'] : raw) as Readonly<Record<string, Fields>>;
  const job = provider === 'github' ? githubJob : gitlabJob;
  return {
    provider,
    text,
    raw,
    env: ((provider === 'github' ? raw['env'] : raw['variables']) ?? {}) as Env,
    jobs: { plan: job(jobs['plan']!), comment: job(jobs['comment']!), apply: job(jobs['apply']!) },
  };
}

function githubJob(raw: Fields): Job {
  const steps = (raw['steps'] as readonly Fields[]).filter((step) => 'run' in step);
  return {
    raw,
    env: (raw['env'] ?? {}) as Env,
    steps: steps.map((step) => ({
      name: step['name'] as string,
      run: step['run'] as string,
      env: (step['env'] ?? {}) as Env,
    })),
  };
}

/** Returns a job of GitLab, which has no names for steps: the first line of each, a comment, is its name. */
function gitlabJob(raw: Fields): Job {
  const steps = (raw['script'] as readonly string[]).map((script) => {
    const [, name = '', run = ''] = /^# (.+)\n([\s\S]*)$/.exec(script) ?? [];
    return { name, run, env: {} };
  });
  return { raw, env: (raw['variables'] ?? {}) as Env, steps };
}
