import { existsSync } from 'node:fs';
import { Sent, sent, tableText } from './stream';
import { underShells } from './under-shell';
import { DEVICE_SHELLS, addFullRows } from '../tier';

jest.setTimeout(120_000);

/** One line that takes an awk more memory than a limit leaves it. */
const long = (mebibytes: number): string => `# ${'x'.repeat(mebibytes << 20)}`;

/** A text with a table of somebody else, behind a remark of so many MiB. */
const hostile = (mebibytes: number): string => tableText(1001).replace('{\n', `{\n${long(mebibytes)}\n`) + 'table inet stolen {\n}\n';

underShells(DEVICE_SHELLS, 'a caller who leaves the program little memory', ({ run, program, fresh, folder, shell }) => {
  afterEach(() => fresh());

  const asked = (within: string, { upload, file }: Sent): string =>
    (/^cpanel-edge: .*$/m.exec(run(`${within}; exec ${shell} /usr/local/sbin/cpanel-edge-device ${upload}`, file)) ?? ['nothing'])[0];

  test.each(addFullRows([[8_000]], [[6_000], [12_000], [16_000], [24_000], [40_000], [60_000]]))(
    'has a hostile text refused within %i KiB, and one that stands in for it',
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

  // As the kernel ends the largest process of a control group.
  (existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes') ? test : test.skip)('has it refused in a control group of 60 MB', () => {
    const name = `cpanel-edge-test-${process.pid}-${shell}`;
    try {
      // The device has a /sys of its own.
      run(
        `cd ${folder}; mkdir groups; mount -t cgroup -o memory none groups; mkdir groups/${name}; echo 60000000 >groups/${name}/memory.limit_in_bytes`,
      );
      const inside = `sh -c 'echo $PPID' >${folder}/groups/${name}/cgroup.procs`;
      expect(asked(inside, sent({ text: hostile(28) }))).toMatch(/refused check-unfinished$|^nothing$/);
    } finally {
      // What has just ended is in it for another moment.
      run(
        `n=0; until rmdir ${folder}/groups/${name} || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.05; done 2>/dev/null; umount ${folder}/groups`,
      );
    }
  });
});
