// Runs a command in a control group of its own, lists the processes of such groups, and removes the groups, for the
// machines of a lab.
import { pause, run } from './command';

/** Shell words that join a control group of their own in each hierarchy of systemd, and then become the command. */
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
 * Returns the words that run a command in a control group of its own. Two systemds in one group share the groups of
 * their services. One would remove an empty group while the other starts a service of that name, which then fails with
 * 219/CGROUP. systemd-nspawn doesn't separate them if it runs outside a unit.
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

/** Returns the processes in the groups of one machine; with `cpe-lab-*`, in those of a lab. */
export async function processesInGroups(names: string): Promise<readonly number[]> {
  const { out } = await run([...found(names), '-exec', 'cat', '{}/cgroup.procs', ';']);
  return [...new Set(out.split('\n').filter(Boolean).map(Number))];
}

/**
 * Removes the groups of one machine, or with `cpe-lab-*` those of a lab, with all groups below. A process that needs
 * more than `seconds` to end keeps its group, for the next lab of that name.
 */
export async function removeGroups(names: string, seconds = 0): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ; await pause(50)) {
    const left = await run([...found(names), '(', '-exec', 'rmdir', '{}', ';', '-o', '-print', ')']);
    if (left.out === '' || Date.now() > end) return;
  }
}
