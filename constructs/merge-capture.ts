// Merges a captured config into the props of a Gateway: platform, version, interfaces and unmanaged config come from
// the capture unless the props have them.
import { Construct } from 'constructs';
import { describeGateway } from '../lib/import/describe-gateway';
import { describeValue } from '../lib/intent/problems/field-problems';
import { Problem, Refusal } from '../lib/problems/problem';
import { copyProps } from './construct-props';
import { Tree } from './tree';

type CapturePlaces = Readonly<Record<string, string>>;

const capturePlaces = new WeakMap<object, CapturePlaces>();

/** Returns the place of the refused capture for each field that it would have set. Empty if the capture was parsed. */
export const getCapturePlaces = (props: object): CapturePlaces => capturePlaces.get(props) ?? {};

/**
 * Adds the fields of a capture to a gateway's own props, which override them. Problems of the capture are recorded, and
 * its fields aren't reported as missing.
 */
export function mergeCapture(scope: Construct, id: string, capture: unknown, props: object): object {
  const ownProps = copyProps(props);
  if (!ownProps) return props;
  const tree = Tree.of(scope);
  const location = `${tree.lines.markPlace('Gateway', id)} capture`;
  try {
    if (typeof capture !== 'string') throw new Refusal([createNoCaptureProblem(location, capture)]);
    return { ...describeGateway(capture), ...ownProps };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tree.record(
      ...error.problems.map((problem) =>
        problem.where === location ? problem : { ...problem, where: `${location}, ${problem.where}` },
      ),
    );
    capturePlaces.set(
      ownProps,
      Object.fromEntries(['platform', 'version', 'interfaces', 'capturedConfig'].map((key) => [key, location])),
    );
    return ownProps;
  }
}

const createNoCaptureProblem = (where: string, capture: unknown): Problem => ({
  code: 'constructs/no-capture',
  where,
  what: `The third argument is ${describeValue(capture)}.`,
  instead: "The text that cpanel-edge capture wrote: readFileSync('edge1.captured.xml', 'utf8').",
});
