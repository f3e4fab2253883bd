import { Construct } from 'constructs';
import { describedGateway } from '../lib/import/described-gateway';
import { described } from '../lib/intent/problems/shape';
import { Problem, Refusal } from '../lib/problems/problem';
import { copyOf } from './given';
import { Tree } from './tree';

type Elsewhere = Readonly<Record<string, string>>;

const refused = new WeakMap<object, Elsewhere>();

/** Of props whose capture could not be read: fields that it would have said, by where that is refused. */
export const elsewhereOf = (props: object): Elsewhere => refused.get(props) ?? {};

/** `own` wins. What is wrong with the capture is recorded, and what it would have said isn't asked for. */
export function withCapture(scope: Construct, id: string, capture: unknown, given: object): object {
  const own = copyOf(given);
  if (!own) return given;
  const tree = Tree.of(scope);
  const where = `${tree.lines.place('Gateway', id)} capture`;
  try {
    if (typeof capture !== 'string') throw new Refusal([noCapture(where, capture)]);
    return { ...describedGateway(capture), ...own };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tree.record(
      ...error.problems.map((one) => (one.where === where ? one : { ...one, where: `${where}, ${one.where}` })),
    );
    refused.set(
      own,
      Object.fromEntries(['platform', 'version', 'interfaces', 'surroundings'].map((key) => [key, where])),
    );
    return own;
  }
}

const noCapture = (where: string, capture: unknown): Problem => ({
  code: 'constructs/no-capture',
  where,
  what: `The third argument is ${described(capture)}.`,
  instead: "The text that cpanel-edge capture wrote: readFileSync('edge1.captured.xml', 'utf8').",
});
