// Finds Terraform for `npm start`, or the version that can be fetched, and fetches it.
import { must, run } from '../command';
import { REPOSITORY } from '../stack';

/** Terraform's path, or the text for a missing one. `offered` is the version that could be fetched, and its source. */
type Terraform = { readonly path: string } | { readonly missing: string; readonly offered?: string };

const FIND = ['sh', 'scripts/find-terraform.sh'];

export async function findTerraform(): Promise<Terraform> {
  // With CI set it would fetch at once, but the consent is asked for here.
  const { status, out, err } = await run(FIND, { cwd: REPOSITORY, env: { ...process.env, CI: '' }, seconds: 60 });
  if (status === 0) return { path: out.trim() };
  const [, offered, from] = /^Offered: (Terraform \S+).* from (?:https?:\/\/)?([^/]+)/m.exec(err) ?? [];
  return offered === undefined ? { missing: err.trim() } : { missing: 'Terraform', offered: `${offered} from ${from}` };
}

/** Fetches Terraform and returns its path. */
export const fetchTerraform = async (watch: (text: string) => void): Promise<string> =>
  (await must([...FIND, '--yes'], { cwd: REPOSITORY, seconds: 700, watch, group: true })).trim();
