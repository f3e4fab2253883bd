// Steps of `npm start`: build the package and the lab, plan and deploy the stack, and compare every port with the
// computed reachability.
import { ProvenLab } from '../proven-flows';
import { baseRoot, hasBaseRoot } from '../base-root';
import { Compared, compareAll } from '../compare-reachability';
import { Lab } from '../lab';
import { plannedProofs } from '../verified-releases';
import { LabStack, REPOSITORY } from '../stack';
import { build } from './build';
import { write } from './files';
import { Told, toldOf } from './plan-facts';
import { Steps } from './steps';
import { printReport } from '../../lib/verifier/verification-report';
import { NODES } from '../topology';

interface Deployment {
  readonly told: Told;
  readonly compared: readonly Compared[];
}

/** Starts the lab, and builds the package meanwhile: only deliveries need it. */
export async function buildLab(name: string, steps: Steps, begun: (lab: Lab) => void): Promise<Lab> {
  const building = steps.run(
    'build the package',
    ({ watch }) => build(REPOSITORY, { watch, group: true }),
    (built) => `package: ${built}`,
  );
  // A failed build is reported below, where it is awaited.
  building.catch(() => undefined);
  if (!hasBaseRoot())
    await steps.run(
      'Debian for the devices',
      ({ log, watch, progress }) => baseRoot(log, { watch, progress, group: true }),
      () => 'Debian for the devices, kept for the next time',
    );
  const devices = NODES.filter(({ kind }) => kind === 'device').map((node) => node.name);
  const lab = await steps.run(
    'build the lab',
    ({ log }) => Lab.up({ name, say: log }),
    () => `build the lab: ${devices.join(' and ')} with Debian, ${NODES.length - devices.length} other hosts`,
  );
  begun(lab);
  await building;
  return lab;
}

/** Deploys from the sources, and then asks all targets. Throws StepFailed. */
export async function deployAndAsk(
  lab: Lab,
  terraform: string,
  steps: Steps,
  deployed: () => void,
): Promise<Deployment> {
  const stack = new LabStack(lab, terraform);
  await steps.run('synthesize and prove', () => stack.synthesize());
  const told = await planned(stack, steps);
  await steps.run(
    'apply',
    async ({ watch }) => {
      const { status, err, out } = await stack.apply({ watch });
      if (status !== 0) throw new Error(`terraform apply ended with ${status}:\n${err.trim() || out.trim()}`);
    },
    () => 'apply: edge1 and web1 run their rules, confirmed over new connections',
  );
  deployed();
  const compared = await steps.run('ask every port, from everywhere', ({ log }) =>
    compareAll(lab, new ProvenLab(told.proofs), log),
  );
  return { told, compared };
}

/** Makes the plan, and returns what it contains. */
export function planned(stack: LabStack, steps: Steps): Promise<Told> {
  return steps.run(
    'plan',
    async ({ log }) => {
      await stack.init();
      const { text } = await stack.plan();
      write('plan', text);
      log(text);
      const json = await stack.planJson();
      const told = toldOf(stack.folder, { json, proofs: plannedProofs(json), text });
      log('What the plan will expose, read from the text that it sends:\n');
      log(printReport(told.proofs));
      return told;
    },
    ({ planned: words }) => words,
  );
}
