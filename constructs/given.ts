import { Construct, IConstruct } from 'constructs';
import { described, unknownKey } from '../lib/intent/problems/shape';
import { nearest } from '../lib/problems/nearest';
import { Problem } from '../lib/problems/problem';
import { Tree } from './tree';

/**
 * What a construct was given, copied, and where. JavaScript may give anything: then `props` is empty, and the problem is recorded. So it is of
 * what another App has, which isn't among them.
 */
export interface Given<Props extends object> {
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
const places = new WeakMap<IConstruct, string>();

/** The id to make a construct by. Where another one has it `given` says so, and what else is wrong is found all the same. */
export function idIn(scope: Construct, id: string): string {
  const isTaken = (one: string): boolean => Construct.isConstruct(scope) && scope.node.tryFindChild(one) !== undefined;
  if (typeof id !== 'string' || !isTaken(id)) return id;
  let next = 2;
  while (isTaken(`${id}#${next}`)) next += 1;
  return `${id}#${next}`;
}

/** `id` as it was written. `parts`: keys under which other constructs are given, which the intent doesn't have. */
export function given<Props extends object>(
  construct: Construct,
  kind: string,
  id: string,
  props: Props,
  parts: readonly string[] = [],
): Given<Props> {
  const tree = Tree.of(construct);
  const where = tree.lines.place(kind, id);
  places.set(construct, where);
  const earlier = construct.node.scope?.node.tryFindChild(id);
  if (earlier !== undefined && earlier !== construct) tree.record(idTwice(where, kind, id, places.get(earlier)));
  if (props === REPORTED) return { tree, where, props: {}, isEmpty: true, refused: [] };
  const copied = copyOf(props);
  if (!copied) tree.record(noProps(where, kind));
  const wrong = misspelt(Object.keys(copied ?? {}), parts);
  tree.record(...wrong.map(({ key, meant }) => unknownKey(where, key, { near: meant, known: parts })));
  const all = Object.entries(copied ?? {}).filter(([key]) => !wrong.some((one) => one.key === key));
  const foreign = all.flatMap(([key, value]) => {
    const place = places.get(value as IConstruct);
    const problem =
      place === undefined ? undefined : ofAnotherApp(construct, `${where} ${key}`, value as IConstruct, place);
    return problem ? [{ key, problem }] : [];
  });
  tree.record(...foreign.map(({ problem }) => problem));
  const own = all.filter(([name]) => !foreign.some(({ key }) => key === name));
  return {
    tree,
    where,
    props: Object.fromEntries(own) as Partial<Props>,
    isEmpty: !copied || wrong.length + foreign.length > 0,
    refused: [...wrong.map(({ meant }) => meant), ...foreign.map(({ key }) => key)],
  };
}

/** What stands for a construct that is asked for under another key. */
function misspelt(
  keys: readonly string[],
  parts: readonly string[],
): readonly { readonly key: string; readonly meant: string }[] {
  const open = parts.filter((one) => !keys.includes(one));
  return keys.flatMap((key) => {
    const meant = parts.includes(key) ? undefined : nearest(key, open);
    return meant === undefined ? [] : [{ key, meant }];
  });
}

/** Undefined where it is of the same App. What it is part of is proven and written by that one, and its lines are there. */
export const ofAnotherApp = (
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
        what: `This is ${Tree.of(other as Construct).lines.resolvedText(place)} of another App.`,
        instead: 'One App for both, whatever their stacks: what belongs together is proven together.',
      };

/**
 * A copy cannot change after it was proven. What is undefined is not said: of every field, also of those whose default stands beside them.
 * Reading a stranger's object may run its code, and that may throw.
 */
export function copyOf<Props extends object>(props: Props): Partial<Props> | undefined {
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
export function notOne(where: string, key: string, kind: string, value: unknown): Problem {
  const other = typeof value === 'object' && value !== null ? places.get(value as IConstruct) : undefined;
  const what = other ?? (Construct.isConstruct(value) ? undefined : described(value));
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
