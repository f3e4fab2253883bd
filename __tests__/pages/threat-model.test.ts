import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LONGEST_LINE, MOST_BYTES, MOST_LINES } from '../../driver/answer';
import { mostBytes, mostTogether } from '../../lib/json/json';
import { OWN_WORK, PLANS_WORK, STRANGERS_WORK } from '../../lib/net/work';
import { builtCommand, Printed, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { page } from './says';

const { says, inLab } = page('threat-model.md');
const built = builtCommand();
const folder = temporaryFolder();
const MIB = 1024 * 1024;

/** A file of this size that takes no room. */
function sized(name: string, bytes: number): string {
  const path = join(mkdtempSync(join(folder, 'sized-')), name);
  writeFileSync(path, '');
  truncateSync(path, bytes);
  return path;
}
const run = (words: readonly string[], env: NodeJS.ProcessEnv = {}): Printed => typed(built, words, { cwd: folder, env });

describe('how much is read', () => {
  says('one limit of work, 5,000,000 steps', () => expect(STRANGERS_WORK).toBe(5_000_000));
  says('for each gateway with its servers four times the limit of work', () => expect(PLANS_WORK).toBe(4 * STRANGERS_WORK));
  says('What is written by synthesis itself may take 100,000,000 steps without it.', () => expect(OWN_WORK).toBe(100_000_000));
  says('32 MiB, 1,000,000 lines, 4 MiB a line', () =>
    expect([MOST_BYTES, MOST_LINES, LONGEST_LINE]).toEqual([32 * MIB, 1_000_000, 4 * MIB]),
  );
  says('160 MB, 2,500,000 values, 500 levels; all plans of a review 512 MB', () => {
    expect([mostBytes(), mostTogether()]).toEqual([160_000_000, 512_000_000]);
    expect(run(['review', sized('plan.json', 160_000_001)])).toMatchObject({
      status: 2,
      said: expect.stringMatching(/^review\/too-large/) as string,
    });
  });
  says('a ruleset, what `pfctl` prints, a `config.xml` | 64 MiB', () =>
    expect(run(['exposure', sized('rules.nft', 64 * MIB + 1)])).toMatchObject({
      status: 2,
      said: expect.stringMatching(/^review\/too-large/) as string,
    }),
  );
  says('allows ten times as much of everything above, 1 to 100', () => {
    const asked = (work: string): string => run(['exposure', 'nowhere.nft'], { CPANEL_EDGE_WORK: work }).said.split(' ')[0]!;
    expect(['1', '100', '101', '0', 'x'].map(asked)).toEqual([...Array(2).fill('cli/file-unreadable'), ...Array(3).fill('cli/odd-work')]);
  });
  says('one upload is at most 32 MiB, four come at a time, 256 MiB are kept', () => {
    const program = read('device/machine/upload.sh');
    expect(program).toMatch(new RegExp(`^LARGEST_UPLOAD=${32 * MIB}$`, 'm'));
    expect(program).toMatch(new RegExp(`^LARGEST_FOLDER_KIB=${256 * 1024}$`, 'm'));
    expect(program).toMatch(/^UPLOADS_AT_ONCE=4$/m);
  });
});
inLab([
  [
    'sudo lets it run five whole command lines of the program, none of which changes anything or takes an argument',
    'a reading account may read and nothing else',
  ],
  [
    'one sudoers line names its commands of a delivery one by one',
    'the sudoers line lets the login user run the commands of a delivery and nothing else',
  ],
  [
    'Nothing the login user can write is run with more rights.',
    "all that a delivery leaves is root's, and nothing that a user planted has an effect",
  ],
  ['Never a private key, a password or a token', 'no secret in plan, state, logs, arguments, strangers, temporary files or on a device'],
  [
    'OpenSSH with host keys given in the intent, checked first, on jump hosts too',
    'a wrong host key is refused at once on every path, of the device and of a jump host',
  ],
]);
