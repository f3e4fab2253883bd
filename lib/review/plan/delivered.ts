import { Squeeze, decodeWork, isRecord } from '../../delivering/codec';
import { Problem, Refusal } from '../../problems/problem';
import { PlannedOwner } from '../plan';
import { starts, isRetractOrder } from './retracts';
import * as say from './problems';
import { Configured } from './state';

// The triggers are what a reviewer reads; the provisioner's environment is what the driver delivers. Nothing in Terraform keeps the two
// together, so it is looked at here.

/** What is wrong with the one provisioner of a release that will be delivered. */
export function deliveredOtherwise(where: string, release: Configured | undefined, owner: PlannedOwner, inflate: Squeeze): Pair {
  const [only, ...more] = release?.provisioners ?? [];
  if (only === undefined) return { doubts: [say.workNotShown(where)], objections: [] };
  const { command, environment } = expressions(only);
  if (command === undefined || !isRecord(environment)) return { doubts: [say.workNotShown(where)], objections: [] };
  if (more.length > 0 || !starts('deliver', command)) return { doubts: [], objections: [say.foreignProvisioner(where, 'deliver')] };
  const what = otherWork(environment, owner, inflate);
  return { doubts: [], objections: what === undefined ? [] : [say.otherWork(where, what)] };
}

interface Pair {
  readonly doubts: readonly Problem[];
  readonly objections: readonly Problem[];
}

/** Whether the one provisioner of a holder that stays configured is the one that retracts. */
export function retractsOtherwise(where: string, { provisioners }: Configured): readonly Problem[] {
  return isRetracting(provisioners) ? [] : [say.foreignProvisioner(where, 'retract')];
}

export function isRetracting([only, ...more]: readonly unknown[]): boolean {
  const { command, environment } = expressions(only);
  return more.length === 0 && starts('retract', command) && isRetractOrder(environment);
}

function expressions(provisioner: unknown): { readonly command: unknown; readonly environment: unknown } {
  const all = isRecord(provisioner) && provisioner['type'] === 'local-exec' ? provisioner['expressions'] : undefined;
  const constant = (name: string): unknown => {
    const one = isRecord(all) ? all[name] : undefined;
    return isRecord(one) ? one['constant_value'] : undefined;
  };
  // What else local-exec can be told: another interpreter makes another program of the same command.
  const odd = isRecord(all) && Object.keys(all).some((name) => name !== 'command' && name !== 'environment');
  return odd ? { command: 'other expressions', environment: {} } : { command: constant('command'), environment: constant('environment') };
}

function otherWork(
  environment: Record<string, unknown>,
  { device, owner, role, after }: PlannedOwner,
  inflate: Squeeze,
): string | undefined {
  const texts = Object.fromEntries(Object.entries(environment).filter((each): each is [string, string] => typeof each[1] === 'string'));
  try {
    const { release } = decodeWork(texts, inflate);
    if (release.device !== device || release.owner !== owner || release.role !== role)
      return `What it delivers is for ${release.role} ${release.owner} on ${release.device}.`;
    if (release.text !== after?.text) return 'What it delivers is another text than the one that the plan shows.';
    return release.policy === after.policy
      ? undefined
      : 'What it delivers is proven against another policy than the one that the plan shows.';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `What it delivers can't be read: ${error.problems.map(({ what }) => what).join(' ')}`;
  }
}
