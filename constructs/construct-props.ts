import { Construct, IConstruct } from 'constructs';
import { describeValue, describeUnknownKey } from '../lib/intent/problems/field-problems';
import { findNearestWord } from '../lib/problems/find-nearest-word';
import { Problem } from '../lib/problems/problem';
import { Tree } from './tree';

/**
 * What a construct was given, copied, and where. JavaScript may give anything: then `props` is empty, and the problem is recorded. So it is of
 * what another App has, which isn't among them.
 */
export interface ConstructProps<Props extends object> {
  readonly tree: Tree;
  readonly where: string;
  readonly props: Partial<Props>;
  readonly isEmpty: boolean;
  /** Keys of constructs that are missing in `props` as they were misspelt, or given one of another App, which is recorded. */
  readonly refused: readonly string[];
}

/** Props of a construct that a wrong call returns: what is wrong is recorded already, and it adds nothing. */
export const REPORTED: never = Object.freeze({}) as never;

/** Where constructs of this package stand, for one that is given the id of another. */
const constructPlaces = new WeakMap<IConstruct, string>();

/** The id to make a construct by. Where another one has it `given` says so, and what else is wrong is found all the same. */
export function findFreeId(scope: Construct, id: string): string {
  const isTaken = (candidate: string): boolean =>
    Construct.isConstruct(scope) && scope.node.tryFindChild(candidate) !== undefined;
  if (typeof id !== 'string' || !isTaken(id)) return id;
  let next = 2;
  while (isTaken(`${id}#${next}`)) next += 1;
  return `${id}#${next}`;
}

/** `id` as it was written. `parts`: keys under which other constructs are given, which the intent doesn't have. */
export function readProps<Props extends object>(
  construct: Construct,
  kind: string,
  id: string,
  props: Props,
  parts: readonly string[] = [],
): ConstructProps<Props> {
  const tree = Tree.of(construct);
  const where = tree.lines.markPlace(kind, id);
  constructPlaces.set(construct, where);
  const earlier = construct.node.scope?.node.tryFindChild(id);
  if (earlier !== undefined && earlier !== construct)
    tree.record(idTwice(where, kind, id, constructPlaces.get(earlier)));
  if (props === REPORTED) return { tree, where, props: {}, isEmpty: true, refused: [] };
  const copied = copyProps(props);
  if (!copied) tree.record(noProps(where, kind));
  const wrong = findMisspelt(Object.keys(copied ?? {}), parts);
  tree.record(
    ...wrong.map(({ key, meant: nearKey }) => describeUnknownKey(where, key, { near: nearKey, known: parts })),
  );
  const entries = Object.entries(copied ?? {}).filter(([key]) => !wrong.some((misspeltKey) => misspeltKey.key === key));
  const foreign = entries.flatMap(([key, value]) => {
    const place = constructPlaces.get(value as IConstruct);
    const problem =
      place === undefined ? undefined : checkSameApp(construct, `${where} ${key}`, value as IConstruct, place);
    return problem ? [{ key, problem }] : [];
  });
  tree.record(...foreign.map(({ problem }) => problem));
  const ownEntries = entries.filter(([name]) => !foreign.some(({ key }) => key === name));
  return {
    tree,
    where,
    props: Object.fromEntries(ownEntries) as Partial<Props>,
    isEmpty: !copied || wrong.length + foreign.length > 0,
    refused: [...wrong.map(({ meant: nearKey }) => nearKey), ...foreign.map(({ key }) => key)],
  };
}

/** What stands for a construct that is asked for under another key. */
function findMisspelt(
  keys: readonly string[],
  parts: readonly string[],
): readonly { readonly key: string; readonly meant: string }[] {
  const open = parts.filter((part) => !keys.includes(part));
  return keys.flatMap((key) => {
    const nearKey = parts.includes(key) ? undefined : findNearestWord(key, open);
    return nearKey === undefined ? [] : [{ key, meant: nearKey }];
  });
}

/** Undefined where it is of the same App. What it is part of is proven and written by that one, and its lines are there. */
export const checkSameApp = (
  construct: Construct,
  where: string,
  other: IConstruct,
  place: string,
): Problem | undefined =>
  other.node.root === construct.node.root
    ? undefined
    : {
        code: 'constructs/other-app',
        where,
        what: `This is ${Tree.of(other as Construct).lines.resolveText(place)} of another App.`,
        instead: 'One App for both, whatever their stacks: what belongs together is proven together.',
      };

/**
 * A copy cannot change after it was proven. What is undefined is not said: of every field, also of those whose default stands beside them.
 * Reading a stranger's object may run its code, and that may throw.
 */
export function copyProps<Props extends object>(props: Props): Partial<Props> | undefined {
  try {
    if (typeof props !== 'object' || props === null || Array.isArray(props)) return undefined;
    return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Partial<Props>;
  } catch {
    return undefined;
  }
}

const idTwice = (where: string, kind: string, id: string, earlier = 'a construct of another package'): Problem => ({
  code: 'constructs/id-twice',
  where,
  what: `Its scope has a construct of the id ${JSON.stringify(id)} already: ${earlier}.`,
  instead: `new ${kind}(scope, id, { … }) with an id of its own. Names of mappings, virtual IPs and devices are the ids where nothing else is said.`,
});

const noProps = (where: string, kind: string): Problem => ({
  code: 'constructs/no-props',
  where,
  what: 'The third argument is no object, or one whose properties cannot be read.',
  instead: `new ${kind}(scope, id, { … }).`,
});

/** Where a construct of this package is asked for and something else was given. */
export function createNotAConstruct(where: string, key: string, kind: string, value: unknown): Problem {
  const otherPlace = typeof value === 'object' && value !== null ? constructPlaces.get(value as IConstruct) : undefined;
  const what = otherPlace ?? (Construct.isConstruct(value) ? undefined : describeValue(value));
  return {
    code: 'constructs/not-a-construct',
    where: `${where} ${key}`,
    what:
      value === undefined
        ? `"${key}" is not set, or not yet where this is written.`
        : what !== undefined
          ? `This is ${what}, and no ${kind} of this package.`
          : `This is no ${kind} of this package. Two copies of the package in one project don't know each other's constructs either.`,
    instead: `${key}: the ${kind} that new ${kind}(…) gave.`,
  };
}
