// Tests the note `review/no-command-here` on plans of the real Terraform: the plan's stack names the path of this
// package's command, and no file is there.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sampleStack } from './sample-stack';
import { typedReviews } from '../typed-reviews';

// A plan of the real Terraform, with and without the command that its stack names.

const { folder, planned, review, judged, file } = typedReviews();
const COMMAND = '../../../node_modules/cpanel-edge/dist/cli/main.js';

test("notes that the command is missing, if the plan lies in its stack's folder", () => {
  const at = planned('own.out', 'edge', sampleStack().replace(/(?<=CPANEL_EDGE:-)[^}]+/g, COMMAND));
  const missing = (argv: readonly string[], env: NodeJS.ProcessEnv = {}): readonly string[] => {
    const { status, review: of } = judged(argv, { env: { CPANEL_EDGE: '', ...env } });
    expect([status, of.plans.map(({ command }) => command)]).toEqual([0, [COMMAND]]);
    return of.notes.filter(({ code }) => code === 'review/no-command-here').map(({ where }) => where);
  };
  expect(missing(['own.out'])).toEqual(['edge']);
  expect(review(['own.out']).out.replace(/\s+/g, ' ')).toContain(
    `delivered by ${COMMAND} from the folder of the apply`,
  );
  expect(missing(['own.out'], { CPANEL_EDGE: 'node /opt/edge/cli/main.js' })).toEqual([]);
  // A plan apart from its stack may be applied in any folder.
  expect(missing([file('apart.tfplan', readFileSync(join(at, 'plan')))])).toEqual([]);
  const program = join(at, COMMAND);
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, '');
  expect(missing(['own.out'])).toEqual([]);
  // A relative path is resolved from the target of a link, as the kernel does.
  symlinkSync(at, join(folder, 'linked'));
  expect(missing(['linked'])).toEqual([]);
});
