// Counts the commits of the checkout's history: the default seed by which a test run draws its part of the tests.

import { run } from './command';

/** Returns the number of commits in the checkout's history; 0 if it has none, like an unpacked archive. */
export async function countCommits(repository: string): Promise<number> {
  const { status, out } = await run(['git', 'rev-list', '--count', 'HEAD'], { cwd: repository });
  return status === 0 ? Number(out.trim()) : 0;
}
