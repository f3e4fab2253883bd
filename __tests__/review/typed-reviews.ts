// Makes plans with the real Terraform and runs the built command `review` on them, for tests.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Review } from '../../lib/review/review';
import { builtCommand, Printed, TypedIn, typed } from '../built-command';
import { sampleStack } from './plan/sample-stack';
import { temporaryFolder } from '../temporary-folder';
import { terraform, terraformEnvironment } from '../terraform';

interface Judged {
  readonly status: number | null;
  readonly review: Review;
}

/** Tests run in a folder of their own, in which the real Terraform plans the stack `edge` before the first test. */
export function typedReviews() {
  const built = builtCommand();
  const folder = temporaryFolder();
  let stack = '';
  let json = '';
  beforeAll(() => {
    stack = planned('cdktf.out', 'edge', sampleStack());
    json = terraform(stack, 'show', '-json', 'plan');
  });

  /** Creates a stack's folder with a plan below an output folder, as cdktf does. */
  function planned(output: string, name: string, text: string): string {
    const at = join(folder, output, 'stacks', name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'cdk.tf.json'), text);
    terraform(at, 'init', '-input=false');
    terraform(at, 'plan', '-input=false', '-out=plan');
    return at;
  }

  const review = (argv: readonly string[], { env, ...more }: TypedIn = {}): Printed =>
    typed(built, ['review', ...argv], { cwd: folder, env: { ...terraformEnvironment(), ...env }, ...more });

  function judged(argv: readonly string[], more: TypedIn = {}): Judged {
    const { status, out, said } = review([...argv, '--format', 'json'], more);
    if (status === 2) throw new Error(said);
    return { status, review: JSON.parse(out) as Review };
  }

  function file(name: string, content: string | Uint8Array): string {
    writeFileSync(join(folder, name), content);
    return name;
  }

  return { built, folder, stack: () => stack, json: () => json, planned, review, judged, file };
}

export const codes = ({ review: { objections, unknown } }: Judged): readonly string[] =>
  [...objections.map(({ code }) => `! ${code}`), ...unknown.map(({ code }) => `? ${code}`)].sort();
