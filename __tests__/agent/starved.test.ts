// Tests the agent with little memory: a hostile text is never accepted. Runs on a test device with the real nft.

import { existsSync, readFileSync } from 'node:fs';
import { Sent, sent, tableText } from './stream';
import { underShells } from './under-shell';
import { DEVICE_SHELLS, addFullRows } from '../tier';
import { sayNotTried } from '../where-possible';

jest.setTimeout(120_000);

const GROUP = findGroup();

/** A line for which awk needs more memory than the limit allows. */
const long = (mebibytes: number): string => `# ${'x'.repeat(mebibytes << 20)}`;

/** A text with another owner's table behind a comment of so many MiB. */
const hostile = (mebibytes: number): string =>
  tableText(1001).replace('{\n', `{\n${long(mebibytes)}\n`) + 'table inet stolen {\n}\n';

underShells(DEVICE_SHELLS, 'an upload with little memory', ({ run, program, fresh, folder, shell }) => {
  afterEach(() => fresh());

  const asked = (within: string, { upload, file }: Sent): string =>
    (/^cpanel-edge: .*$/m.exec(run(`${within}; exec ${shell} /usr/local/sbin/cpanel-edge-device ${upload}`, file)) ?? [
      'nothing',
    ])[0];

  test.each(addFullRows([[8_000]], [[6_000], [12_000], [16_000], [24_000], [40_000], [60_000]]))(
    'refuses a hostile text within %i KiB, also as the closing text',
    (kibibytes) => {
      for (const [text, closed] of [
        [hostile(12), ''],
        [tableText(1001), hostile(12)],
      ] as const) {
        expect(asked(`ulimit -v ${kibibytes}`, sent({ text }, 'lease-1', undefined, closed))).not.toContain('ok');
        fresh();
        const again = sent({ text }, 'lease-1', undefined, closed);
        expect(program(again.upload, again.file)).toMatch(/refused upload-damaged part=text-after-table$/);
        fresh();
      }
    },
  );

  // The kernel ends the largest process of a control group.
  if (GROUP === undefined)
    sayNotTried('a control group of 60 MB', 'a control group with a memory controller, of version 1 or 2');
  (GROUP ? test : test.skip)('refuses a hostile text in a control group of 60 MB', () => {
    const name = `cpanel-edge-test-${process.pid}-${shell}`;
    const { type, limits } = GROUP!;
    try {
      // The device has its own /sys.
      run(
        `cd ${folder}; mkdir groups; mount -t ${type} none groups; mkdir groups/${name}; cd groups/${name}; ${limits
          .map(([file, bytes]) => `[ ! -e ${file} ] || echo ${bytes} >${file}`)
          .join('; ')}`,
      );
      expect(run(`cat ${folder}/groups/${name}/${limits[0]![0]}`).trim()).toMatch(/^599\d{5}$|^60000000$/);
      const inside = `sh -c 'echo $PPID' >${folder}/groups/${name}/cgroup.procs`;
      expect(asked(inside, sent({ text: hostile(28) }))).toMatch(/refused check-unfinished$|^nothing$/);
    } finally {
      // A process that has just ended stays in the group for a moment.
      run(
        `n=0; until rmdir ${folder}/groups/${name} || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.05; done 2>/dev/null; umount ${folder}/groups`,
      );
    }
  });
});

interface ControlGroup {
  /** The file system type for mount -t. */
  readonly type: string;
  /**
   * Files of a group and the number of bytes to write; a file that the kernel doesn't have is skipped. The first always
   * exists.
   */
  readonly limits: readonly (readonly [string, number])[];
}

/** The kind of control groups that this machine has with a memory controller. */
function findGroup(): ControlGroup | undefined {
  const root = '/sys/fs/cgroup';
  if (existsSync(`${root}/memory/memory.limit_in_bytes`))
    return { type: 'cgroup -o memory', limits: [['memory.limit_in_bytes', 60_000_000]] };
  const controlled = `${root}/cgroup.subtree_control`;
  // A group below the root has the controller only if the root passes it on, and the test doesn't change that.
  if (!existsSync(controlled) || !/\bmemory\b/.test(readFileSync(controlled, 'utf8'))) return undefined;
  return {
    type: 'cgroup2',
    limits: [
      ['memory.max', 60_000_000],
      ['memory.swap.max', 0],
    ],
  };
}
