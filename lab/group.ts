import { pause, run } from './command';

/** Joins a control group of its own in each hierarchy that systemd uses, then becomes the command. */
const JOIN = `name=$1
shift
while IFS=: read -r _ kind path; do
  case $kind in
    name=systemd) top=/sys/fs/cgroup/systemd ;;
    '') if [ -d /sys/fs/cgroup/unified ]; then top=/sys/fs/cgroup/unified; else top=/sys/fs/cgroup; fi ;;
    *) continue ;;
  esac
  [ ! -e "$top/cgroup.procs" ] || { mkdir -p "$top$path/$name" && echo $$ >"$top$path/$name/cgroup.procs"; } || exit 1
done </proc/self/cgroup
exec "$@"`;

/**
 * Two systemds in one control group keep their services in the same groups: one removes an empty one while the other starts a service of the
 * same name, which then fails with 219/CGROUP. systemd-nspawn doesn't part them where it runs as no unit of its own.
 */
export const inGroup = (name: string, argv: readonly string[]): readonly string[] => [
  'sh',
  '-c',
  JOIN,
  'sh',
  name,
  ...argv,
];

const found = (names: string): readonly string[] => [
  'find',
  '/sys/fs/cgroup',
  '-depth',
  '-type',
  'd',
  '(',
  '-path',
  `*/${names}`,
  '-o',
  '-path',
  `*/${names}/*`,
  ')',
];

/** The processes in the groups of one machine, or with `cpe-lab-*` of a lab's. */
export async function processesInGroups(names: string): Promise<readonly number[]> {
  const { out } = await run([...found(names), '-exec', 'cat', '{}/cgroup.procs', ';']);
  return [...new Set(out.split('\n').filter(Boolean).map(Number))];
}

/** Those of one machine, or with `cpe-lab-*` of a lab's, with all that is in them. What ends only after `seconds` keeps its own, for the next lab of that name. */
export async function removeGroups(names: string, seconds = 0): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ; await pause(50)) {
    const left = await run([...found(names), '(', '-exec', 'rmdir', '{}', ';', '-o', '-print', ')']);
    if (left.out === '' || Date.now() > end) return;
  }
}
