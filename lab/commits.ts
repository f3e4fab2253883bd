import { run } from './command';

/** How many commits the checkout's history has; 0 where it has none, as in an unpacked archive. */
export async function countCommits(repository: string): Promise<number> {
  const { status, out } = await run(['git', 'rev-list', '--count', 'HEAD'], { cwd: repository });
  return status === 0 ? Number(out.trim()) : 0;
}
