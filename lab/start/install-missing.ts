// First steps of `npm start`: installs missing Debian packages and Terraform with the operator's consent, or returns
// the line that names what is missing.
import { ask, consentOf } from './consent';
import { hasApt, installPackages, installing, missingPackages } from './packages';
import { Screen } from './screen';
import { StepFailed, Steps } from './steps';
import { missingLine } from './summary';
import { fetchTerraform, findTerraform } from './terraform';
import { wrapText } from '../../lib/report/wrap-text';

type Prepared = { readonly terraform: string } | { /** Last line of the output. */ readonly missing: string };

/** Installs Debian packages and Terraform, if they are missing and may be installed. */
export async function prepare(consent: ReturnType<typeof consentOf>, screen: Screen, steps: Steps): Promise<Prepared> {
  const packages = missingPackages();
  if (packages.length > 0) {
    const command = installing(packages).join(' ');
    const may = hasApt() && (await allowed(`Missing packages: ${packages.join(' ')}. Install them with apt-get?`));
    if (!may) {
      for (const line of wrapText(`On Debian: ${command}`, 0, 2, 80)) screen.line(line);
      return { missing: missingLine(packages, refused(consent)) };
    }
    for (const line of wrapText(`Installs with apt-get: ${packages.join(' ')}`, 0, 2, 80)) screen.line(line);
    const installed = await resultOf(
      steps.run('install Debian packages', ({ watch }) => installPackages(packages, watch)),
    );
    if (!installed) return { missing: missingLine(packages, 'apt-get failed.') };
  }
  const terraform = await findTerraform();
  if ('path' in terraform) return { terraform: terraform.path };
  if (terraform.offered === undefined) return { missing: `Nothing was deployed: ${terraform.missing}` };
  if (!(await allowed(`Terraform is missing. Fetch ${terraform.offered}?`)))
    return { missing: missingLine(['Terraform'], refused(consent)) };
  const fetched = await resultOf(steps.run(`fetch ${terraform.offered}`, ({ watch }) => fetchTerraform(watch)));
  return fetched ? { terraform: fetched.result } : { missing: missingLine(['Terraform'], 'it could not be fetched.') };

  async function allowed(question: string): Promise<boolean> {
    return consent === 'ask' ? ask(question) : consent === 'yes';
  }
}

/**
 * Returns the result of a step; undefined if it failed. The step has reported that, and the rest goes on without it.
 */
async function resultOf<T>(step: Promise<T>): Promise<{ readonly result: T } | undefined> {
  try {
    return { result: await step };
  } catch (error) {
    if (error instanceof StepFailed) return undefined;
    throw error;
  }
}

const refused = (consent: ReturnType<typeof consentOf>): string =>
  consent === 'no' ? '--no-install was given.' : 'install, and start again.';
