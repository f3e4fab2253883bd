// Copies and checks the props of a construct, whatever JavaScript gives, and records problems with the construct's
// place.

import { Construct, IConstruct } from 'constructs';
import { describeValue, describeUnknownKey } from '../lib/intent/problems/field-problems';
import { findNearestWord } from '../lib/problems/find-nearest-word';
import { Problem } from '../lib/problems/problem';
import { Tree } from './tree';

/**
 * A copy of a construct's props, and its place. JavaScript may give anything: if it isn't an object, `props` is empty
 * and the problem is recorded. Constructs of another App are left out of `props`, and recorded too.
 */
export interface ConstructProps<Props extends object> {
  readonly tree: Tree;
  readonly where: string;
  readonly props: Partial<Props>;
  readonly isEmpty: boolean;
  /** Keys of constructs that are left out of `props`: misspelt ones, and those of another App. Both are recorded. */
  readonly refusedKeys: readonly string[];
}

/** Props of a construct that a wrong call returns: its problem is recorded already, and the construct adds nothing. */
export const REPORTED: never = Object.freeze({}) as never;

/** The places of this package's constructs, to name one whose id is used twice or that stands in a wrong field. */
const constructPlaces = new WeakMap<IConstruct, string>();

/**
 * Returns the id; or, if a construct has it already, a free one, so that further problems are found, too. `readProps`
 * records the duplicate.
 */
export function findFreeId(scope: Construct, id: string): string {
  const isTaken = (childId: string): boolean =>
    Construct.isConstruct(scope) && scope.node.tryFindChild(childId) !== undefined;
  if (typeof id !== 'string' || !isTaken(id)) return id;
  let suffix = 2;
  while (isTaken(`${id}#${suffix}`)) suffix += 1;
  return `${id}#${suffix}`;
}

/**
 * Reads the props of a construct. `id` is as the user wrote it. `parts` are the keys whose values are constructs: the
 * intent doesn't have them.
 */
export function readProps<Props extends object>(
  construct: Construct,
  kind: string,
  id: string,
  props: Props,
  parts: readonly string[] = [],
): ConstructProps<Props> {
  const tree = Tree.of(construct);
  const constructPlace = tree.lines.markPlace(kind, id);
  constructPlaces.set(construct, constructPlace);
  const formerConstruct = construct.node.scope?.node.tryFindChild(id);
  if (formerConstruct !== undefined && formerConstruct !== construct)
    tree.record(createDuplicateIdProblem(constructPlace, kind, id, constructPlaces.get(formerConstruct)));
  if (props === REPORTED) return { tree, where: constructPlace, props: {}, isEmpty: true, refusedKeys: [] };
  const copied = copyProps(props);
  if (!copied) tree.record(createNoPropsProblem(constructPlace, kind));
  const misspeltKeys = findMisspelt(Object.keys(copied ?? {}), parts);
  tree.record(
    ...misspeltKeys.map(({ key, suggestion: nearKey }) =>
      describeUnknownKey(constructPlace, key, { nearKey, knownKeys: parts }),
    ),
  );
  const entries = Object.entries(copied ?? {}).filter(
    ([key]) => !misspeltKeys.some((misspeltKey) => misspeltKey.key === key),
  );
  const foreignProblems = entries.flatMap(([key, value]) => {
    const place = constructPlaces.get(value as IConstruct);
    const problem =
      place === undefined ? undefined : checkSameApp(construct, `${constructPlace} ${key}`, value as IConstruct, place);
    return problem ? [{ key, problem }] : [];
  });
  tree.record(...foreignProblems.map(({ problem }) => problem));
  const ownEntries = entries.filter(([name]) => !foreignProblems.some(({ key }) => key === name));
  return {
    tree,
    where: constructPlace,
    props: Object.fromEntries(ownEntries) as Partial<Props>,
    isEmpty: !copied || misspeltKeys.length + foreignProblems.length > 0,
    refusedKeys: [...misspeltKeys.map(({ suggestion: nearKey }) => nearKey), ...foreignProblems.map(({ key }) => key)],
  };
}

/** Returns the unknown keys that look like a misspelt key of a construct. */
function findMisspelt(
  keys: readonly string[],
  parts: readonly string[],
): readonly { readonly key: string; readonly suggestion: string }[] {
  const unusedKeys = parts.filter((part) => !keys.includes(part));
  return keys.flatMap((key) => {
    const nearKey = parts.includes(key) ? undefined : findNearestWord(key, unusedKeys);
    return nearKey === undefined ? [] : [{ key, suggestion: nearKey }];
  });
}

/**
 * Returns a problem if the other construct belongs to another App; undefined otherwise. That App verifies and writes
 * what its constructs are part of.
 */
export const checkSameApp = (
  construct: Construct,
  where: string,
  otherConstruct: IConstruct,
  place: string,
): Problem | undefined =>
  otherConstruct.node.root === construct.node.root
    ? undefined
    : {
        code: 'constructs/other-app',
        where,
        what: `This is ${Tree.of(otherConstruct as Construct).lines.resolveText(place)} of another App.`,
        instead: 'One App for both, whatever their stacks: what belongs together is proven together.',
      };

/**
 * Copies props, because a copy can't change after it was proven. An undefined field counts as left out, whatever its
 * default. Returns undefined if they aren't an object, or if a getter of the user's object throws.
 */
export function copyProps<Props extends object>(props: Props): Partial<Props> | undefined {
  try {
    if (typeof props !== 'object' || props === null || Array.isArray(props)) return undefined;
    return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Partial<Props>;
  } catch {
    return undefined;
  }
}

const createDuplicateIdProblem = (
  where: string,
  kind: string,
  id: string,
  formerPlace = 'a construct of another package',
): Problem => ({
  code: 'constructs/id-twice',
  where,
  what: `Its scope has a construct of the id ${JSON.stringify(id)} already: ${formerPlace}.`,
  instead: `new ${kind}(scope, id, { … }) with an id of its own. Names of mappings, virtual IPs and devices are the ids where nothing else is said.`,
});

const createNoPropsProblem = (where: string, kind: string): Problem => ({
  code: 'constructs/no-props',
  where,
  what: 'The third argument is no object, or one whose properties cannot be read.',
  instead: `new ${kind}(scope, id, { … }).`,
});

/** Creates the problem of a field that needs a construct of this package and has another value. */
export function createNotAConstruct(where: string, key: string, kind: string, value: unknown): Problem {
  const otherPlace = typeof value === 'object' && value !== null ? constructPlaces.get(value as IConstruct) : undefined;
  const description = otherPlace ?? (Construct.isConstruct(value) ? undefined : describeValue(value));
  return {
    code: 'constructs/not-a-construct',
    where: `${where} ${key}`,
    what:
      value === undefined
        ? `"${key}" is not set, or not yet where this is written.`
        : description !== undefined
          ? `This is ${description}, and no ${kind} of this package.`
          : `This is no ${kind} of this package. Two copies of the package in one project don't know each other's constructs either.`,
    instead: `${key}: the ${kind} that new ${kind}(…) gave.`,
  };
}
