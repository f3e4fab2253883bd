import { hostname, userInfo } from 'node:os';

type RunnerEnvironment = Readonly<Record<string, string | undefined>>;

/** Where a CI system says which of its runs this is: the page of the run, by the variables that its manual promises. */
const CI_RUNS: readonly ((named: (name: string) => string) => string)[] = [
  (named) => `${named('GITHUB_SERVER_URL')}/${named('GITHUB_REPOSITORY')}/actions/runs/${named('GITHUB_RUN_ID')}`,
  (named) => named('CI_JOB_URL'),
  (named) => `${named('SYSTEM_COLLECTIONURI')}${named('SYSTEM_TEAMPROJECT')}/_build/${named('BUILD_BUILDID')}`,
  (named) => named('BUILDKITE_BUILD_URL'),
  (named) => named('CIRCLE_BUILD_URL'),
  (named) => `${named('BITBUCKET_GIT_HTTP_ORIGIN')}/pipelines/results/${named('BITBUCKET_BUILD_NUMBER')}`,
  (named) => `${named('TFC_WORKSPACE_SLUG')}/${named('TFC_RUN_ID')}`,
  // Jenkins; last, for others set a variable of this name, too.
  (named) => named('BUILD_URL'),
];

/** Who delivers, as the device keeps it with the release, in `[A-Za-z0-9][A-Za-z0-9._@:/-]{0,127}`: a CI system's run, else `user@host`. */
export const getRunnerName = (environment: RunnerEnvironment): string =>
  (findCiRun(environment) ?? `${getUserName()}@${hostname()}`)
    // Who put a password into an address didn't mean to have it kept on devices.
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

/** In a container nobody may have a name. */
function getUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
