import { isRecord } from '../../agent-protocol/codec';
import { isRelease } from './recorded';
import { ResourceChange } from './shape';
import { StateObject } from './state';

const HOLDER = '_holder';

/** Everything that a plan and its record say of one owner: what stands under one address, with and without `_holder`. */
export interface OwnerObjects {
  /** Address of the release without its type: module, name and index. */
  readonly base: string;
  readonly holders: readonly ResourceChange[];
  readonly releases: readonly ResourceChange[];
  readonly recordedHolders: readonly StateObject[];
  readonly recordedReleases: readonly StateObject[];
}

type Named = Pick<ResourceChange, 'type' | 'name' | 'mode' | 'index'>;

interface Sorted {
  readonly found: readonly OwnerObjects[];
  readonly foreign: readonly ResourceChange[];
}

/** Tells ours from others': by what holders hold, and releases by their holder's address or by the triggers that only they have. */
export function sortOut(changes: readonly ResourceChange[], state: readonly StateObject[]): Sorted {
  const held = new Set<string>();
  for (const one of changes)
    if (isHolder(one, [one.change.before, one.change.after])) held.add(baseOf(one, one.module_address ?? ''));
  for (const one of state) if (isHolder(one, [one.values])) held.add(baseOf(one, one.module));
  const found = new Map<
    string,
    { -readonly [K in keyof OwnerObjects]: OwnerObjects[K] extends readonly (infer One)[] ? One[] : OwnerObjects[K] }
  >();
  const at = (base: string): NonNullable<ReturnType<typeof found.get>> => {
    const known = found.get(base) ?? { base, holders: [], releases: [], recordedHolders: [], recordedReleases: [] };
    found.set(base, known);
    return known;
  };
  const foreign: ResourceChange[] = [];
  for (const one of changes) {
    const base = baseOf(one, one.module_address ?? '');
    const kind = kindOf(one, base, held, [one.change.before, one.change.after]);
    if (kind === undefined) foreign.push(one);
    else at(base)[kind === 'holder' ? 'holders' : 'releases'].push(one);
  }
  for (const one of state) {
    const base = baseOf(one, one.module);
    const kind = kindOf(one, base, held, [one.values]);
    if (kind !== undefined) at(base)[kind === 'holder' ? 'recordedHolders' : 'recordedReleases'].push(one);
  }
  return { found: [...found.values()], foreign };
}

function kindOf(
  one: Named,
  base: string,
  held: ReadonlySet<string>,
  values: readonly unknown[],
): 'holder' | 'release' | undefined {
  if (one.mode !== 'managed') return undefined;
  if (isHolder(one, values)) return 'holder';
  if (one.type !== 'terraform_data' && one.type !== 'null_resource') return undefined;
  // The holder of a deposed object, or of one whose input is imported, is known by its name alone.
  if (one.type === 'terraform_data' && one.name.endsWith(HOLDER) && held.has(base)) return 'holder';
  return (!one.name.endsWith(HOLDER) && held.has(base)) || values.some(isRelease) ? 'release' : undefined;
}

const isHolder = ({ mode, type, name }: Named, values: readonly unknown[]): boolean =>
  mode === 'managed' && type === 'terraform_data' && name.endsWith(HOLDER) && values.some(holds);

/** Loosely: what another version wrote must be noticed, not taken for somebody else's. */
function holds(values: unknown): boolean {
  const input = isRecord(values) ? values['input'] : undefined;
  return isRecord(input) && ['device', 'owner', 'connection'].filter((key) => Object.hasOwn(input, key)).length >= 2;
}

function baseOf({ name, index }: Named, module: string): string {
  const own = name.endsWith(HOLDER) ? name.slice(0, -HOLDER.length) : name;
  return `${module === '' ? '' : `${module}.`}${own}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`;
}
