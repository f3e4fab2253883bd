import {
  ADOPT_VARIABLE,
  OWNER_TOKEN_VARIABLE,
  BytesTransform,
  WORK_VARIABLE,
  isRecord,
  unpackWork,
} from '../../agent-protocol/work-codec';
import { Problem, Refusal } from '../../problems/problem';
import { PlannedOwner } from '../plan';
import { DerivationTools, compareWork } from './compare-work';
import { OwnershipInput } from './ownership-input';
import {
  findOtherRemovalVariables,
  findUnreadVariables,
  findSparePieces,
  parseCliCommand,
  startsCliCommand,
} from './removal-provisioners';
import * as say from './plan-problems';
import { ConfiguredResource } from './prior-state';
import { unescapeTemplate } from './unescape-templates';

// The triggers are what a reviewer reads; the provisioner's environment is what the driver delivers. Nothing in Terraform keeps the two
// together, so it is looked at here.

/** The owner that a delivery is for, as the rest of the plan has it. */
interface ExpectedDelivery {
  readonly owner: PlannedOwner;
  /** Address of the holder in its module: `terraform_data.web1_hosting_holder`. */
  readonly holder: string;
  readonly input: OwnershipInput | undefined;
  /** The lease that the plan imports or that its holder has: the one that a delivery may take over. */
  readonly ownLeases: readonly string[];
  /** Whether the configuration has a resource of this address, in the release's module. */
  isConfigured(address: string): boolean;
}

/** How work is unpacked and compared. */
export interface UnpackingTools extends DerivationTools {
  readonly inflate: BytesTransform;
}

interface DeliveryProblems {
  readonly doubts: readonly Problem[];
  readonly objections: readonly Problem[];
  readonly notes: readonly Problem[];
  /** Version of the package that synthesized it; absent where it can't be read or is older. */
  readonly madeBy?: string;
}

const NO_PROBLEMS: DeliveryProblems = { doubts: [], objections: [], notes: [] };

/** What is wrong with the one provisioner of a release. */
export function checkDelivery(
  where: string,
  release: ConfiguredResource | undefined,
  expected: ExpectedDelivery,
  tools: UnpackingTools,
): DeliveryProblems {
  const [provisioner, ...moreProvisioners] = release?.provisioners ?? [];
  if (provisioner === undefined)
    return {
      ...NO_PROBLEMS,
      doubts: [say.createWorkNotShown(where, 'the configuration has no provisioner for this address')],
    };
  const { command, environment } = readExpressions(provisioner);
  if (command === undefined || !isRecord(environment))
    return {
      ...NO_PROBLEMS,
      doubts: [
        say.createWorkNotShown(where, 'its provisioner is of another type, or has no constant command and environment'),
      ],
    };
  const deviations = [
    ...compareCommand('deliver', command, moreProvisioners),
    ...findUnreadVariables(environment).map((key) => `its environment has ${key}`),
  ];
  if (deviations.length > 0)
    return { ...NO_PROBLEMS, objections: [say.createOtherProvisioner(where, 'deliver', deviations.join(', '))] };
  const variables = Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const unreadVariables = [
    ...Object.keys(environment).filter((key) => !Object.hasOwn(variables, key)),
    ...findSparePieces(environment),
  ];
  let unpacked: ReturnType<typeof unpackWork>;
  try {
    unpacked = unpackWork(variables, tools.inflate);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const explanation = `What it delivers can't be read: ${error.problems.map(({ what }) => what).join(' ')}`;
    return { ...NO_PROBLEMS, objections: [say.createOtherWork(where, explanation)] };
  }
  const { work, madeBy: version } = unpacked;
  const { wrong: differences, notes } = compareWork(work, expected.owner, expected.input, tools);
  unreadVariables.push(...unpacked.odd);
  const allDifferences =
    unreadVariables.length === 0
      ? differences
      : [...differences, `Its environment holds what no delivery reads: ${unreadVariables.join(', ')}.`];
  const tokenProblems = checkOwnerTokens(where, variables, expected);
  return {
    doubts: [],
    objections: [
      ...(allDifferences.length === 0 ? [] : [say.createOtherWork(where, allDifferences.join(' '))]),
      ...tokenProblems.objections,
    ],
    notes: [...(notes.length === 0 ? [] : [say.createShownOtherwise(where, notes.join(' '))]), ...tokenProblems.notes],
    ...(version === undefined ? {} : { madeBy: version }),
  };
}

/** Leases that the driver is given as literals, or of another holder: with them it takes over what another state owns. */
function checkOwnerTokens(
  where: string,
  environment: Readonly<Record<string, string>>,
  { holder, ownLeases, isConfigured }: ExpectedDelivery,
): Pick<DeliveryProblems, 'objections' | 'notes'> {
  const [ownerToken, adoptedToken] = [environment[OWNER_TOKEN_VARIABLE], environment[ADOPT_VARIABLE]];
  const tokenProblems: { objections: Problem[]; notes: Problem[] } = { objections: [], notes: [] };
  if (ownerToken !== `\${${holder}.id}`) {
    const otherOwnership = /^\$\{(terraform_data\.[a-z0-9-]+_[a-z0-9-]+_holder)\.id\}$/.exec(ownerToken ?? '')?.[1];
    const message = `${OWNER_TOKEN_VARIABLE} is ${ownerToken === undefined ? 'absent' : `"${ownerToken}"`} instead of the lease of its own holder, "\${${holder}.id}".`;
    // Terraform plans nothing that refers to a resource that isn't there.
    if (otherOwnership !== undefined && !isConfigured(otherOwnership))
      tokenProblems.notes.push(say.createShownOtherwise(where, message));
    else tokenProblems.objections.push(say.createTakeover(where, message));
  }
  if (adoptedToken !== undefined && !ownLeases.includes(unescapeTemplate(adoptedToken)))
    tokenProblems.objections.push(
      say.createTakeover(
        where,
        `${ADOPT_VARIABLE} is "${unescapeTemplate(adoptedToken)}", and the plan imports no holder with this lease.`,
      ),
    );
  return tokenProblems;
}

/** What is wrong with the provisioners of a holder that stays configured, which is to have the one that retracts. */
export function checkRemoval(where: string, { provisioners }: ConfiguredResource): readonly Problem[] {
  const deviations = compareRemovalProvisioner(provisioners);
  return deviations.length === 0 ? [] : [say.createOtherProvisioner(where, 'retract', deviations.join(', '))];
}

/** How the provisioners of a holder differ from the one that retracts. */
export function compareRemovalProvisioner([provisioner, ...moreProvisioners]: readonly unknown[]): readonly string[] {
  const { command, environment } = readExpressions(provisioner);
  return [
    ...compareCommand('retract', command, moreProvisioners),
    ...findOtherRemovalVariables(environment).map((key) => `its environment has another ${key}`),
  ];
}

function compareCommand(
  verb: 'deliver' | 'retract',
  command: unknown,
  moreProvisioners: readonly unknown[],
): readonly string[] {
  return [
    ...(startsCliCommand(verb, command)
      ? []
      : [`its command or its type is another: ${typeof command === 'string' ? command : 'none'}`]),
    ...(moreProvisioners.length === 0 ? [] : [`${moreProvisioners.length} more beside it`]),
  ];
}

/** Whether it starts our driver, under whatever name. */
export const startsDelivery = ({ provisioners }: ConfiguredResource): boolean =>
  provisioners.some((provisioner) => {
    const { command, environment } = readExpressions(provisioner);
    return (
      startsCliCommand('deliver', command) || (isRecord(environment) && Object.hasOwn(environment, `${WORK_VARIABLE}0`))
    );
  });

/** The paths of the programs that its deliveries and retracts start, each once, in their order. */
export function listCommands(resources: Iterable<ConfiguredResource>): readonly string[] {
  const paths = new Set<string>();
  for (const { provisioners } of resources)
    for (const provisioner of provisioners) {
      const path = parseCliCommand(readExpressions(provisioner).command)?.path;
      if (path !== undefined) paths.add(path);
    }
  return [...paths];
}

function readExpressions(provisioner: unknown): { readonly command: unknown; readonly environment: unknown } {
  const values = isRecord(provisioner) && provisioner['type'] === 'local-exec' ? provisioner['expressions'] : undefined;
  const readConstant = (name: string): unknown => {
    const value = isRecord(values) ? values[name] : undefined;
    return isRecord(value) ? value['constant_value'] : undefined;
  };
  // Another expression changes what the command is: another interpreter makes another program of it.
  const hasOtherExpressions =
    isRecord(values) && Object.keys(values).some((name) => name !== 'command' && name !== 'environment');
  return hasOtherExpressions
    ? { command: 'other expressions', environment: {} }
    : { command: readConstant('command'), environment: readConstant('environment') };
}
