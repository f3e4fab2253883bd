// Reads what a CI system says of its run: the name of the runner, which is stored on the device with a release (the
// run's URL, else `user@host`), and the commit.
import { hostname, userInfo } from 'node:os';

type RunnerEnvironment = Readonly<Record<string, string | undefined>>;

/** Pages of the current run in CI systems, by the variables that their manuals promise. */
const CI_RUNS: readonly ((named: (name: string) => string) => string)[] = [
  (getVariable) =>
    `${getVariable('GITHUB_SERVER_URL')}/${getVariable('GITHUB_REPOSITORY')}/actions/runs/${getVariable('GITHUB_RUN_ID')}`,
  (getVariable) => getVariable('CI_JOB_URL'),
  (getVariable) =>
    `${getVariable('SYSTEM_COLLECTIONURI')}${getVariable('SYSTEM_TEAMPROJECT')}/_build/${getVariable('BUILD_BUILDID')}`,
  (getVariable) => getVariable('BUILDKITE_BUILD_URL'),
  (getVariable) => getVariable('CIRCLE_BUILD_URL'),
  (getVariable) =>
    `${getVariable('BITBUCKET_GIT_HTTP_ORIGIN')}/pipelines/results/${getVariable('BITBUCKET_BUILD_NUMBER')}`,
  (getVariable) => `${getVariable('TFC_WORKSPACE_SLUG')}/${getVariable('TFC_RUN_ID')}`,
  // Jenkins is last, because other systems also set a variable of this name.
  (getVariable) => getVariable('BUILD_URL'),
];

/**
 * Returns the name that the device stores with the release, in `[A-Za-z0-9][A-Za-z0-9._@:/-]{0,127}`: a CI system's
 * run, else `user@host`.
 */
export const getRunnerName = (environment: RunnerEnvironment): string =>
  (findCiRun(environment) ?? `${getUserName()}@${hostname()}`)
    // A password in a URL must not be stored on devices.
    .replace(/\/\/[^/@]*@/, '//')
    .replace(/[^A-Za-z0-9._@:/-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 128) || 'unknown';

function findCiRun(environment: RunnerEnvironment): string | undefined {
  for (const run of CI_RUNS) {
    let isMissing = false;
    const name = run((variable) => {
      isMissing ||= !environment[variable];
      return environment[variable] ?? '';
    });
    if (!isMissing) return name;
  }
  return undefined;
}

/** Returns the user's name; in a container a user may have none. */
function getUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Variables with the commit of a run, as the CI systems' manuals promise them; Jenkins' plugin for Git is last. */
const COMMIT_VARIABLES = [
  'GITHUB_SHA',
  'CI_COMMIT_SHA',
  'BUILD_SOURCEVERSION',
  'BUILDKITE_COMMIT',
  'CIRCLE_SHA1',
  'BITBUCKET_COMMIT',
  'GIT_COMMIT',
];

/** Returns the commit that the CI system runs for; undefined outside of one, and for anything that isn't a commit. */
export const findCiCommit = (environment: RunnerEnvironment): string | undefined =>
  COMMIT_VARIABLES.map((name) => environment[name] ?? '').find((value) => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(value));
