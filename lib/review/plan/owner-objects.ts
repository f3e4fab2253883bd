// Groups the resources of a Terraform plan and state by owner into ownership records and releases, and separates them
// from resources of other kinds.

import { isRecord } from '../../agent-protocol/work-codec';
import { hasReleaseTriggers } from './recorded-release';
import { ResourceChange } from './plan-schema';
import { StateObject } from './recorded-resources';

const OWNERSHIP_SUFFIX = '_holder';

/** Everything that a plan and its record say of one owner: the resources at one address, with and without `_holder`. */
export interface OwnerObjects {
  /** Address of the release without its type: module, name and index. */
  readonly base: string;
  readonly ownershipRecords: readonly ResourceChange[];
  readonly releases: readonly ResourceChange[];
  readonly recordedOwnershipRecords: readonly StateObject[];
  readonly recordedReleases: readonly StateObject[];
}

type ResourceName = Pick<ResourceChange, 'type' | 'name' | 'mode' | 'index'>;

interface GroupedResources {
  readonly ownerObjects: readonly OwnerObjects[];
  readonly otherResources: readonly ResourceChange[];
}

/**
 * Splits the changes into ours, by owner, and others. An ownership record is known by its input; a release by the
 * address of its ownership record, or by the triggers that only a release has.
 */
export function groupByOwner(changes: readonly ResourceChange[], state: readonly StateObject[]): GroupedResources {
  const ownedBases = new Set<string>();
  for (const resource of changes)
    if (isOwnership(resource, [resource.change.before, resource.change.after]))
      ownedBases.add(toBaseAddress(resource, resource.module_address ?? ''));
  for (const resource of state)
    if (isOwnership(resource, [resource.values])) ownedBases.add(toBaseAddress(resource, resource.module));
  const objectsByBase = new Map<
    string,
    { -readonly [K in keyof OwnerObjects]: OwnerObjects[K] extends readonly (infer One)[] ? One[] : OwnerObjects[K] }
  >();
  const getObjects = (base: string): NonNullable<ReturnType<typeof objectsByBase.get>> => {
    const objects = objectsByBase.get(base) ?? {
      base,
      ownershipRecords: [],
      releases: [],
      recordedOwnershipRecords: [],
      recordedReleases: [],
    };
    objectsByBase.set(base, objects);
    return objects;
  };
  const otherChanges: ResourceChange[] = [];
  for (const resource of changes) {
    const base = toBaseAddress(resource, resource.module_address ?? '');
    const kind = detectKind(resource, base, ownedBases, [resource.change.before, resource.change.after]);
    if (kind === undefined) otherChanges.push(resource);
    else getObjects(base)[kind === 'holder' ? 'ownershipRecords' : 'releases'].push(resource);
  }
  for (const resource of state) {
    const base = toBaseAddress(resource, resource.module);
    const kind = detectKind(resource, base, ownedBases, [resource.values]);
    if (kind !== undefined)
      getObjects(base)[kind === 'holder' ? 'recordedOwnershipRecords' : 'recordedReleases'].push(resource);
  }
  return { ownerObjects: [...objectsByBase.values()], otherResources: otherChanges };
}

function detectKind(
  resource: ResourceName,
  base: string,
  ownedBases: ReadonlySet<string>,
  values: readonly unknown[],
): 'holder' | 'release' | undefined {
  if (resource.mode !== 'managed') return undefined;
  if (isOwnership(resource, values)) return 'holder';
  if (resource.type !== 'terraform_data' && resource.type !== 'null_resource') return undefined;
  // The name alone identifies the ownership record of a deposed object, or of one whose input is imported.
  if (resource.type === 'terraform_data' && resource.name.endsWith(OWNERSHIP_SUFFIX) && ownedBases.has(base))
    return 'holder';
  return (!resource.name.endsWith(OWNERSHIP_SUFFIX) && ownedBases.has(base)) || values.some(hasReleaseTriggers)
    ? 'release'
    : undefined;
}

const isOwnership = ({ mode, type, name }: ResourceName, values: readonly unknown[]): boolean =>
  mode === 'managed' && type === 'terraform_data' && name.endsWith(OWNERSHIP_SUFFIX) && values.some(hasOwnershipInput);

/** Checks loosely: a record that another version wrote must be noticed, not taken for a resource that isn't ours. */
function hasOwnershipInput(values: unknown): boolean {
  const input = isRecord(values) ? values['input'] : undefined;
  return isRecord(input) && ['device', 'owner', 'connection'].filter((key) => Object.hasOwn(input, key)).length >= 2;
}

function toBaseAddress({ name, index }: ResourceName, module: string): string {
  const ownName = name.endsWith(OWNERSHIP_SUFFIX) ? name.slice(0, -OWNERSHIP_SUFFIX.length) : name;
  return `${module === '' ? '' : `${module}.`}${ownName}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`;
}
