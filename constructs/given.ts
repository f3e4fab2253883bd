import { Construct } from 'constructs';
import { Problem } from '../lib/problems/problem';
import { Tree } from './tree';

/** What a construct was given, copied, and where. JavaScript may give anything: then `props` is empty, and the problem is recorded. */
export interface Given<Props extends object> {
  readonly tree: Tree;
  readonly where: string;
  readonly props: Partial<Props>;
  readonly isEmpty: boolean;
}

/** Props of a construct that a wrong call returns: what is wrong is recorded already, and it adds nothing. */
export const REPORTED: never = Object.freeze({}) as never;

export function given<Props extends object>(construct: Construct, kind: string, props: Props): Given<Props> {
  const tree = Tree.of(construct);
  const where = tree.lines.place(kind, construct.node.id);
  if (props === REPORTED) return { tree, where, props: {}, isEmpty: true };
  const copied = copyOf(props);
  if (!copied) tree.record(noProps(where, kind));
  return { tree, where, props: copied ?? {}, isEmpty: !copied };
}

/** A copy cannot change after it was proven. Reading a stranger's object may run its code, and that may throw. */
export function copyOf<Props extends object>(props: Props): Partial<Props> | undefined {
  try {
    return typeof props === 'object' && props !== null ? { ...props } : undefined;
  } catch {
    return undefined;
  }
}

const noProps = (where: string, kind: string): Problem => ({
  code: 'constructs/no-props',
  where,
  what: 'The third argument is no object, or one whose properties cannot be read.',
  instead: `new ${kind}(scope, id, { … }).`,
});

/** Where a construct of this package is asked for and something else was given. */
export const notOne = (where: string, key: string, kind: string): Problem => ({
  code: 'constructs/not-a-construct',
  where: `${where} ${key}`,
  what: `This is no ${kind} of this package. Two copies of the package in one project don't know each other's constructs either.`,
  instead: `${key}: the ${kind} that new ${kind}(…) gave.`,
});
