import {
  ADOPT_VARIABLE,
  LEASE_VARIABLE,
  Squeeze,
  WORK_VARIABLE,
  isRecord,
  unpackWork,
} from '../../agent-protocol/codec';
import { Problem, Refusal } from '../../problems/problem';
import { PlannedOwner } from '../plan';
import { Derivation, compareWork } from './derived';
import { HolderInput } from './holder';
import { findForeignOrders, findForeignVariables, findSparePieces, started, starts } from './retracts';
import * as say from './problems';
import { Configured } from './state';
import { unescapeTemplate } from './templates';

// The triggers are what a reviewer reads; the provisioner's environment is what the driver delivers. Nothing in Terraform keeps the two
// together, so it is looked at here.

/** The owner that a delivery is for, as the rest of the plan has it. */
interface Ordered {
  readonly owner: PlannedOwner;
  /** Address of the holder in its module: `terraform_data.web1_hosting_holder`. */
  readonly holder: string;
  readonly input: HolderInput | undefined;
  /** The lease that the plan imports or that its holder has: the one that a delivery may take over. */
  readonly ownLeases: readonly string[];
  /** Whether the configuration has a resource of this address, in the release's module. */
  isConfigured(address: string): boolean;
}

/** How work is unpacked and compared. */
export interface Unpacking extends Derivation {
  readonly inflate: Squeeze;
}

interface Delivered {
  readonly doubts: readonly Problem[];
  readonly objections: readonly Problem[];
  readonly notes: readonly Problem[];
  /** Version of the package that synthesized it; absent where it can't be read or is older. */
  readonly madeBy?: string;
}

const NOTHING: Delivered = { doubts: [], objections: [], notes: [] };

/** What is wrong with the one provisioner of a release. */
export function deliveredOtherwise(
  where: string,
  release: Configured | undefined,
  ordered: Ordered,
  unpacking: Unpacking,
): Delivered {
  const [only, ...more] = release?.provisioners ?? [];
  if (only === undefined)
    return { ...NOTHING, doubts: [say.workNotShown(where, 'the configuration has no provisioner for this address')] };
  const { command, environment } = expressions(only);
  if (command === undefined || !isRecord(environment))
    return {
      ...NOTHING,
      doubts: [
        say.workNotShown(where, 'its provisioner is of another type, or has no constant command and environment'),
      ],
    };
  const foreign = [
    ...findForeignCommand('deliver', command, more),
    ...findForeignVariables(environment).map((key) => `its environment has ${key}`),
  ];
  if (foreign.length > 0)
    return { ...NOTHING, objections: [say.foreignProvisioner(where, 'deliver', foreign.join(', '))] };
  const texts = Object.fromEntries(
    Object.entries(environment).filter((each): each is [string, string] => typeof each[1] === 'string'),
  );
  const odd = [
    ...Object.keys(environment).filter((key) => !Object.hasOwn(texts, key)),
    ...findSparePieces(environment),
  ];
  let unpacked: ReturnType<typeof unpackWork>;
  try {
    unpacked = unpackWork(texts, unpacking.inflate);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const why = `What it delivers can't be read: ${error.problems.map(({ what }) => what).join(' ')}`;
    return { ...NOTHING, objections: [say.otherWork(where, why)] };
  }
  const { work, madeBy } = unpacked;
  const { wrong, notes } = compareWork(work, ordered.owner, ordered.input, unpacking);
  odd.push(...unpacked.odd);
  const all = odd.length === 0 ? wrong : [...wrong, `Its environment holds what no delivery reads: ${odd.join(', ')}.`];
  const leases = checkLeases(where, texts, ordered);
  return {
    doubts: [],
    objections: [...(all.length === 0 ? [] : [say.otherWork(where, all.join(' '))]), ...leases.objections],
    notes: [...(notes.length === 0 ? [] : [say.shownOtherwise(where, notes.join(' '))]), ...leases.notes],
    ...(madeBy === undefined ? {} : { madeBy }),
  };
}

/** Leases that the driver is given as literals, or of another holder: with them it takes over what another state owns. */
function checkLeases(
  where: string,
  environment: Readonly<Record<string, string>>,
  { holder, ownLeases, isConfigured }: Ordered,
): Pick<Delivered, 'objections' | 'notes'> {
  const [lease, adopt] = [environment[LEASE_VARIABLE], environment[ADOPT_VARIABLE]];
  const found: { objections: Problem[]; notes: Problem[] } = { objections: [], notes: [] };
  if (lease !== `\${${holder}.id}`) {
    const other = /^\$\{(terraform_data\.[a-z0-9-]+_[a-z0-9-]+_holder)\.id\}$/.exec(lease ?? '')?.[1];
    const words = `${LEASE_VARIABLE} is ${lease === undefined ? 'absent' : `"${lease}"`} instead of the lease of its own holder, "\${${holder}.id}".`;
    // Terraform plans nothing that refers to a resource that isn't there.
    if (other !== undefined && !isConfigured(other)) found.notes.push(say.shownOtherwise(where, words));
    else found.objections.push(say.takesOver(where, words));
  }
  if (adopt !== undefined && !ownLeases.includes(unescapeTemplate(adopt)))
    found.objections.push(
      say.takesOver(
        where,
        `${ADOPT_VARIABLE} is "${unescapeTemplate(adopt)}", and the plan imports no holder with this lease.`,
      ),
    );
  return found;
}

/** What is wrong with the provisioners of a holder that stays configured, which is to have the one that retracts. */
export function retractsOtherwise(where: string, { provisioners }: Configured): readonly Problem[] {
  const foreign = findForeignRetract(provisioners);
  return foreign.length === 0 ? [] : [say.foreignProvisioner(where, 'retract', foreign.join(', '))];
}

/** How the provisioners of a holder differ from the one that retracts. */
export function findForeignRetract([only, ...more]: readonly unknown[]): readonly string[] {
  const { command, environment } = expressions(only);
  return [
    ...findForeignCommand('retract', command, more),
    ...findForeignOrders(environment).map((key) => `its environment has another ${key}`),
  ];
}

function findForeignCommand(
  verb: 'deliver' | 'retract',
  command: unknown,
  more: readonly unknown[],
): readonly string[] {
  return [
    ...(starts(verb, command)
      ? []
      : [`its command or its type is another: ${typeof command === 'string' ? command : 'none'}`]),
    ...(more.length === 0 ? [] : [`${more.length} more beside it`]),
  ];
}

/** Whether it starts our driver, under whatever name. */
export const isDelivering = ({ provisioners }: Configured): boolean =>
  provisioners.some((one) => {
    const { command, environment } = expressions(one);
    return starts('deliver', command) || (isRecord(environment) && Object.hasOwn(environment, `${WORK_VARIABLE}0`));
  });

/** The paths of the programs that its deliveries and retracts start, each once, in their order. */
export function listCommands(configured: Iterable<Configured>): readonly string[] {
  const found = new Set<string>();
  for (const { provisioners } of configured)
    for (const one of provisioners) {
      const path = started(expressions(one).command)?.path;
      if (path !== undefined) found.add(path);
    }
  return [...found];
}

function expressions(provisioner: unknown): { readonly command: unknown; readonly environment: unknown } {
  const all = isRecord(provisioner) && provisioner['type'] === 'local-exec' ? provisioner['expressions'] : undefined;
  const constant = (name: string): unknown => {
    const one = isRecord(all) ? all[name] : undefined;
    return isRecord(one) ? one['constant_value'] : undefined;
  };
  // Another expression changes what the command is: another interpreter makes another program of it.
  const odd = isRecord(all) && Object.keys(all).some((name) => name !== 'command' && name !== 'environment');
  return odd
    ? { command: 'other expressions', environment: {} }
    : { command: constant('command'), environment: constant('environment') };
}
