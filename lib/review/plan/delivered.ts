import { Squeeze, WORK_VARIABLE, decodeWork, isRecord } from '../../delivering/codec';
import { Connection, Release } from '../../delivering/release';
import { shownLines } from '../../delivering/release-lines';
import { Problem, Refusal } from '../../problems/problem';
import { PlannedOwner } from '../plan';
import { Policies } from '../policies';
import { HolderInput, reachedAt } from './holder';
import { isDeliverOrder, isRetractOrder, started, starts } from './retracts';
import * as say from './problems';
import { Configured } from './state';

// The triggers are what a reviewer reads; the provisioner's environment is what the driver delivers. Nothing in Terraform keeps the two
// together, so it is looked at here.

/** What is wrong with the one provisioner of a release that will be delivered. */
export function deliveredOtherwise(
  where: string,
  release: Configured | undefined,
  { owner, input, ...means }: Means & { readonly owner: PlannedOwner; readonly input: HolderInput | undefined },
): Pair {
  const [only, ...more] = release?.provisioners ?? [];
  if (only === undefined) return { doubts: [say.workNotShown(where)], objections: [] };
  const { command, environment } = expressions(only);
  if (command === undefined || !isRecord(environment)) return { doubts: [say.workNotShown(where)], objections: [] };
  if (more.length > 0 || !starts('deliver', command) || !isDeliverOrder(environment))
    return { doubts: [], objections: [say.foreignProvisioner(where, 'deliver')] };
  const what = otherWork(environment, owner, input, means);
  return { doubts: [], objections: what === undefined ? [] : [say.otherWork(where, what)] };
}

interface Means {
  readonly inflate: Squeeze;
  readonly policies: Policies;
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

/** Whether it starts our driver, under whatever name. */
export const isDelivering = ({ provisioners }: Configured): boolean =>
  provisioners.some((one) => {
    const { command, environment } = expressions(one);
    return starts('deliver', command) || (isRecord(environment) && Object.hasOwn(environment, `${WORK_VARIABLE}0`));
  });

/** The path of the program that its deliveries and retracts start; undefined where it holds none. */
export function commandIn(configured: Iterable<Configured>): string | undefined {
  for (const { provisioners } of configured)
    for (const one of provisioners) {
      const found = started(expressions(one).command);
      if (found) return found.path;
    }
  return undefined;
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
  input: HolderInput | undefined,
  { inflate, policies }: Means,
): string | undefined {
  const texts = Object.fromEntries(Object.entries(environment).filter((each): each is [string, string] => typeof each[1] === 'string'));
  try {
    const { release, connection } = decodeWork(texts, inflate);
    if (release.device !== device || release.owner !== owner || release.role !== role)
      return `What it delivers is for ${release.role} ${release.owner} on ${release.device}.`;
    if (release.text !== after?.text) return 'What it delivers is another text than the one that the plan shows.';
    if (release.policy !== after.policy) return 'What it delivers is proven against another policy than the one that the plan shows.';
    if (canonical(shownLines(release)) !== canonical(after.lines)) return 'What it delivers has other readable lines than the plan shows.';
    return (input && againstHolder(release, connection, input)) ?? againstPolicy(release, policies);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `What it delivers can't be read: ${error.problems.map(({ what }) => what).join(' ')}`;
  }
}

/** The holder is what the plan shows, and what retract goes by. */
function againstHolder({ onRetract, rollbackSeconds }: Release, connection: Connection, input: HolderInput): string | undefined {
  if (canonical(connection) !== canonical(input.connection))
    return `It is delivered to ${connection.user}@${connection.host}:${connection.port}, by another connection than its holder's, which is ${reachedAt(input)}.`;
  if (onRetract !== input.onRetract)
    return `What it delivers does "${onRetract}" when it is retracted, and its holder says "${input.onRetract}".`;
  return input.rollbackSeconds === undefined || rollbackSeconds === input.rollbackSeconds
    ? undefined
    : `What it delivers is undone after ${rollbackSeconds} s, and its holder says ${input.rollbackSeconds} s.`;
}

/** The same for the same data, in whatever order it was written. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    isRecord(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  );

/** What a release holds beside its text, and no trigger shows: whose it is, and the addresses that the device gets. */
function againstPolicy(release: Release, policies: Policies): string | undefined {
  const { device, owner, role, platform, addresses } = release;
  const [decoded, written] = [policies.of(release.policy), policies.written(release)];
  // Whoever judges the policy says that it can't be read.
  if (!('value' in decoded && 'value' in written)) return undefined;
  const policy = decoded.value;
  if (policy.platform !== platform) return `It is for ${platform}, and its policy for ${policy.platform}.`;
  if (policy.device !== device || policy.owner !== owner || policy.kind !== role)
    return `Its policy is that of ${policy.kind} ${policy.owner} on ${policy.device}.`;
  const [asked, gets] = [written.value.addresses, addresses].map(
    (lines) => new Set(lines.map((line) => `${line.address} as ${line.kind} on ${line.interface}`)),
  );
  const differs = [...[...gets!].filter((line) => !asked!.has(line)), ...[...asked!].filter((line) => !gets!.has(line))];
  return differs.length === 0
    ? undefined
    : `The addresses that the device gets aren't those of its policy: ${differs.slice(0, 5).join(', ')}.`;
}
