// Helpers of the lab's tests: plan, deploy and destroy a variant of the stack, scan a few ports, and compare observed
// packets with the verified reachability.
import { strictEqual } from 'node:assert';
import { Outcome, run } from '../command';
import { AskedPorts, WAVES, compareAll, printCompared } from '../compare-reachability';
import { LabEnvironment } from '../environment';
import { Lab } from '../lab';
import { plannedProofs } from '../verified-releases';
import { printPorts } from '../probe/ports';
import { scan } from '../probe/scan';
import { ProvenLab } from '../proven-flows';
import { LabStack, REPOSITORY } from '../stack';
import { ADDRESS } from '../topology';

let found: Promise<string> | undefined;

/** Returns the path of the Terraform that the tests run. It is searched once. */
export function terraformPath(): Promise<string> {
  found ??= run(['sh', 'scripts/find-terraform.sh'], { cwd: REPOSITORY, seconds: 300 }).then(({ status, out, err }) => {
    if (status !== 0) throw new Error(err.trim());
    return out.trim();
  });
  return found;
}

interface Wish {
  readonly variant?: string;
  readonly environment?: LabEnvironment;
  readonly lease?: string;
  /** Folder of the stack's state in the lab. */
  readonly state?: string;
  /** Terraform's own configuration. */
  readonly configuration?: string;
  /** Further variables for the synthesis and Terraform. */
  readonly more?: NodeJS.ProcessEnv;
}

/** Synthesizes a variant of the stack and plans it. */
export async function plan(
  lab: Lab,
  { variant = 'as it is', environment, lease, state, configuration, more }: Wish = {},
) {
  const stack = new LabStack(lab, await terraformPath(), state, configuration, more);
  const told = { CPANEL_EDGE_LAB_VARIANT: variant, ...(lease ? { CPANEL_EDGE_LAB_LEASE: lease } : {}) };
  await stack.synthesize(environment ?? lab.environment(), 'lab/tests/variants.ts', told);
  await stack.init();
  return { stack, ...(await stack.plan()) };
}

/** Plans and applies. Throws with Terraform's message if that fails. */
export async function deploy(lab: Lab, wish: Wish = {}) {
  const planned = await plan(lab, wish);
  const applied = await planned.stack.apply();
  if (applied.status !== 0)
    throw new Error(`apply ended with ${applied.status}:\n${applied.out.slice(-3000)}\n${applied.err.slice(-3000)}`);
  return { ...planned, output: applied.out };
}

/** Applies a stack that must not stay. */
export async function failsToApply(stack: LabStack): Promise<Outcome> {
  const applied = await stack.apply();
  strictEqual(applied.status, 1, applied.out);
  return applied;
}

export async function destroys(stack: LabStack): Promise<Outcome> {
  const destroyed = await stack.destroy();
  strictEqual(destroyed.status, 0, `${destroyed.out}${destroyed.err}`);
  return destroyed;
}

/** Open and closed ports of the lab's own profile. Asking them takes half a second; all 65,535 would take ten. */
const SOME = '20-26,53,80,110,143,443,465,587,993,995,2077-2096,3306,8080,8443,49152';

export async function reachable(lab: Lab, to: string = ADDRESS.publicWeb1, from = 'internet'): Promise<string> {
  return printPorts((await scan(lab, { from, to }, SOME)).open);
}

/** Open ports; WHM, 2087, is only for the operator. */
export const LAB_PORTS = '25,53,80,443,465,587,993,995,2078,2080,2083,2096';

export const IMAP_CLOSED = LAB_PORTS.replace('993,', '');

export async function serves(lab: Lab, when: string, ports = LAB_PORTS): Promise<void> {
  strictEqual(await reachable(lab), ports, when);
}

const ASKED_PORTS: AskedPorts = process.env['CPANEL_EDGE_TIER'] === 'quick' ? 'sample' : 'all';

/** Asserts, from every start location, that the observations equal the proof of the planned stack. */
export async function expectAsProven(lab: Lab, stack: LabStack, waves = WAVES): Promise<void> {
  const compared = await compareAll(
    lab,
    new ProvenLab(plannedProofs(await stack.planJson())),
    () => undefined,
    waves,
    ASKED_PORTS,
  );
  const different = compared.filter(({ same }) => !same);
  strictEqual(different.map(printCompared).join('\n'), '');
}
