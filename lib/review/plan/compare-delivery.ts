// Compares the commands and environments of a Terraform plan's provisioners, which the driver runs, with the triggers,
// which a reviewer reads. Nothing in Terraform keeps the two together.

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
import { ConfiguredResource } from './recorded-resources';
import { unescapeTemplate } from './unescape-templates';

/** The owner that a delivery is for, as the rest of the plan has it. */
interface ExpectedDelivery {
  readonly owner: PlannedOwner;
  /** Address of the ownership record in its module: `terraform_data.web1_hosting_holder`. */
  readonly ownershipRecord: string;
  readonly input: OwnershipInput | undefined;
  /**
   * The owner tokens that a delivery may take over: the one that the plan imports and those that its ownership record
   * has.
   */
  readonly ownerTokens: readonly string[];
  /** Whether the configuration has a resource of this address, in the release's module. */
  isConfigured(address: string): boolean;
}

/** The functions that unpack a delivery's work and derive the expected release. */
export interface UnpackingTools extends DerivationTools {
  readonly inflate: BytesTransform;
}

interface DeliveryProblems {
  readonly unknowns: readonly Problem[];
  readonly objections: readonly Problem[];
  readonly notes: readonly Problem[];
  /** Version of the package that synthesized it. Undefined where it can't be read or is older than this field. */
  readonly madeBy?: string;
}

const NO_PROBLEMS: DeliveryProblems = { unknowns: [], objections: [], notes: [] };

/** Returns the problems of the provisioner of a release, of which there has to be exactly one. */
export function checkDelivery(
  location: string,
  release: ConfiguredResource | undefined,
  expectedDelivery: ExpectedDelivery,
  tools: UnpackingTools,
): DeliveryProblems {
  const [provisioner, ...moreProvisioners] = release?.provisioners ?? [];
  if (provisioner === undefined)
    return {
      ...NO_PROBLEMS,
      unknowns: [say.createWorkNotShown(location, 'the configuration has no provisioner for this address')],
    };
  const { command, environment } = readExpressions(provisioner);
  if (command === undefined || !isRecord(environment))
    return {
      ...NO_PROBLEMS,
      unknowns: [
        say.createWorkNotShown(
          location,
          'its provisioner is of another type, or has no constant command and environment',
        ),
      ],
    };
  const deviations = [
    ...compareCommand('deliver', command, moreProvisioners),
    ...findUnreadVariables(environment).map((key) => `its environment has ${key}`),
  ];
  if (deviations.length > 0)
    return { ...NO_PROBLEMS, objections: [say.createOtherProvisioner(location, 'deliver', deviations.join(', '))] };
  const variables = Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const unreadVariables = [
    ...Object.keys(environment).filter((key) => !Object.hasOwn(variables, key)),
    ...findSparePieces(environment),
  ];
  let unpackedWork: ReturnType<typeof unpackWork>;
  try {
    unpackedWork = unpackWork(variables, tools.inflate);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const explanation = `What it delivers can't be read: ${error.problems.map(({ what }) => what).join(' ')}`;
    return { ...NO_PROBLEMS, objections: [say.createOtherWork(location, explanation)] };
  }
  const { work, madeBy: version } = unpackedWork;
  const { differences, notes } = compareWork(work, expectedDelivery.owner, expectedDelivery.input, tools);
  unreadVariables.push(...unpackedWork.unknownKeys);
  const allDifferences =
    unreadVariables.length === 0
      ? differences
      : [...differences, `Its environment holds what no delivery reads: ${unreadVariables.join(', ')}.`];
  const tokenProblems = checkOwnerTokens(location, variables, expectedDelivery);
  return {
    unknowns: [],
    objections: [
      ...(allDifferences.length === 0 ? [] : [say.createOtherWork(location, allDifferences.join(' '))]),
      ...tokenProblems.objections,
    ],
    notes: [
      ...(notes.length === 0 ? [] : [say.createShownOtherwise(location, notes.join(' '))]),
      ...tokenProblems.notes,
    ],
    ...(version === undefined ? {} : { madeBy: version }),
  };
}

/**
 * Returns the problems of owner tokens that are literals or another ownership record's: with them the driver takes over
 * what another state owns.
 */
function checkOwnerTokens(
  location: string,
  environment: Readonly<Record<string, string>>,
  { ownershipRecord, ownerTokens, isConfigured }: ExpectedDelivery,
): Pick<DeliveryProblems, 'objections' | 'notes'> {
  const [ownerToken, adoptedToken] = [environment[OWNER_TOKEN_VARIABLE], environment[ADOPT_VARIABLE]];
  const tokenProblems: { objections: Problem[]; notes: Problem[] } = { objections: [], notes: [] };
  if (ownerToken !== `\${${ownershipRecord}.id}`) {
    const otherOwnership = /^\$\{(terraform_data\.[a-z0-9-]+_[a-z0-9-]+_holder)\.id\}$/.exec(ownerToken ?? '')?.[1];
    const message = `${OWNER_TOKEN_VARIABLE} is ${ownerToken === undefined ? 'absent' : `"${ownerToken}"`} instead of the owner token of its own ownership record, "\${${ownershipRecord}.id}".`;
    // Terraform plans nothing that refers to a resource that isn't there.
    if (otherOwnership !== undefined && !isConfigured(otherOwnership))
      tokenProblems.notes.push(say.createShownOtherwise(location, message));
    else tokenProblems.objections.push(say.createTakeover(location, message));
  }
  if (adoptedToken !== undefined && !ownerTokens.includes(unescapeTemplate(adoptedToken)))
    tokenProblems.objections.push(
      say.createTakeover(
        location,
        `${ADOPT_VARIABLE} is "${unescapeTemplate(adoptedToken)}", and the plan imports no ownership record with this owner token.`,
      ),
    );
  return tokenProblems;
}

/**
 * Returns the problems of the provisioners of an ownership record that stays configured. It has to have the one that
 * removes.
 */
export function checkRemoval(location: string, { provisioners }: ConfiguredResource): readonly Problem[] {
  const deviations = compareRemovalProvisioner(provisioners);
  return deviations.length === 0 ? [] : [say.createOtherProvisioner(location, 'retract', deviations.join(', '))];
}

/** Returns how the provisioners of an ownership record differ from the one that removes. */
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

/** Whether a resource starts our driver: by its command, or by the work in its environment. */
export const startsDelivery = ({ provisioners }: ConfiguredResource): boolean =>
  provisioners.some((provisioner) => {
    const { command, environment } = readExpressions(provisioner);
    return (
      startsCliCommand('deliver', command) || (isRecord(environment) && Object.hasOwn(environment, `${WORK_VARIABLE}0`))
    );
  });

/** Returns the paths of the programs that deliveries and removals start, each once, in their order. */
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
  // Any other expression changes the command: another interpreter makes another program of it.
  const hasOtherExpressions =
    isRecord(values) && Object.keys(values).some((name) => name !== 'command' && name !== 'environment');
  return hasOtherExpressions
    ? { command: 'other expressions', environment: {} }
    : { command: readConstant('command'), environment: readConstant('environment') };
}
