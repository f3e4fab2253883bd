import { must, run } from '../command';
import { REPOSITORY } from '../stack';

/** Terraform's path, or what is said where it is not there. `offered`: what could be fetched, and from where. */
type Terraform = { readonly path: string } | { readonly missing: string; readonly offered?: string };

const FIND = ['sh', 'scripts/find-terraform.sh'];

export async function findTerraform(): Promise<Terraform> {
  // With CI set it would fetch at once, and the consent is ours to ask for.
  const { status, out, err } = await run(FIND, { cwd: REPOSITORY, env: { ...process.env, CI: '' }, seconds: 60 });
  if (status === 0) return { path: out.trim() };
  const [, offered, from] = /^Offered: (Terraform \S+).* from (?:https?:\/\/)?([^/]+)/m.exec(err) ?? [];
  return offered === undefined ? { missing: err.trim() } : { missing: 'Terraform', offered: `${offered} from ${from}` };
}

/** Returns its path. */
export const fetchTerraform = async (watch: (text: string) => void): Promise<string> =>
  (await must([...FIND, '--yes'], { cwd: REPOSITORY, seconds: 700, watch, group: true })).trim();
