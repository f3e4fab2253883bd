// Returns lines for the benchmark's report: processor, memory and kernel, the versions of Node, nft and Terraform, and
// the commit.
import { execSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** Returns the first line that a command prints, or "not installed". */
function says(command: string): string {
  try {
    return execSync(command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')[0]!
      .trim();
  } catch {
    return 'not installed';
  }
}

/** Returns lines on the machine and the versions that the numbers were measured with: numbers alone mean nothing. */
export function machine(terraform: string): string[] {
  const [cpu] = cpus();
  return [
    `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `Node ${process.version}, ${says('nft --version')}, ${terraform === '' ? 'no Terraform' : says(`${terraform} version`)}`,
    `commit ${says('git rev-parse --short HEAD')}${says('git status --porcelain') === '' ? '' : ' with changes'}`,
  ];
}
