// Tests the name of the runner that a device stores with a release (the address of the CI run without secrets, or user
// and machine), and the commit of a CI run.

import { hostname, userInfo } from 'node:os';
import { findCiCommit, getRunnerName } from '../../driver/ci-run';

// The runner's name as a device stores it: of these characters, at most 128.
const FORM = /^[A-Za-z0-9][A-Za-z0-9._@:/-]{0,127}$/;

test.each([
  [
    'GitHub',
    { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/edge', GITHUB_RUN_ID: '7', CI: 'true' },
    'https://github.com/acme/edge/actions/runs/7',
  ],
  [
    'GitLab',
    { CI_JOB_URL: 'https://gitlab.example/acme/edge/-/jobs/12' },
    'https://gitlab.example/acme/edge/-/jobs/12',
  ],
  [
    'Azure',
    { SYSTEM_COLLECTIONURI: 'https://dev.azure.com/acme/', SYSTEM_TEAMPROJECT: 'our edge', BUILD_BUILDID: '9' },
    'https://dev.azure.com/acme/our-edge/_build/9',
  ],
  [
    'Jenkins',
    { BUILD_URL: 'https://me:secret@jenkins.example/job/edge%2Fmain/3/' },
    'https://jenkins.example/job/edge-2Fmain/3/',
  ],
  [
    "some of GitHub's variables",
    { GITHUB_SERVER_URL: 'https://github.com', BUILD_URL: 'https://jenkins.example/3' },
    'https://jenkins.example/3',
  ],
  [
    'a long one',
    { CI_JOB_URL: `https://gitlab.example/${'a'.repeat(300)}` },
    `https://gitlab.example/${'a'.repeat(105)}`,
  ],
  ['one with an invalid first character', { CI_JOB_URL: '::add-mask::x\n' }, 'add-mask::x-'],
  ['an empty one', { CI_JOB_URL: '::' }, 'unknown'],
])('%s', (_, environment, name) => {
  expect(getRunnerName(environment)).toBe(name);
  expect(name).toMatch(FORM);
});

test('a person is named by user and machine', () => {
  const plain = (text: string): string => text.replace(/[^A-Za-z0-9._@:/-]/g, '-');
  expect(getRunnerName({})).toBe(plain(`${userInfo().username}@${hostname()}`));
  expect(getRunnerName({ GITHUB_REPOSITORY: 'acme/edge', CI_JOB_URL: '' })).toMatch(/@/);
});

test('the commit is the one that the CI system names, and nothing else', () => {
  const commit = '5b7b21ae5b7b21ae5b7b21ae5b7b21ae5b7b21ae';
  expect(findCiCommit({ GITHUB_SHA: commit })).toBe(commit);
  expect(findCiCommit({ GITHUB_SHA: '', CI_COMMIT_SHA: commit })).toBe(commit);
  expect(findCiCommit({ GIT_COMMIT: commit.repeat(2).slice(0, 64) })).toHaveLength(64);
  expect(findCiCommit({ GITHUB_SHA: 'main', CI_COMMIT_SHA: `${commit}\n` })).toBeUndefined();
  expect(findCiCommit({})).toBeUndefined();
});
