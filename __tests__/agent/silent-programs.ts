// Helper for tests of the agent: runs one of its steps while a program that the step starts (awk, sed, nft …) is
// missing, is killed, or is killed in the middle of its output. Also lists all programs that a step starts.

import { join } from 'node:path';
import { Sent } from './stream';
import { Step, underShell, wordOf } from './under-shell';

/** Programs that a step starts. */
const TOOLS =
  'awk cat cmp cut dd diff find grep head ip nft readlink sed sha256sum sort stat systemctl tail tr wc'.split(' ');

/** How a program ends: it is missing, it is killed at once, or it is killed in the middle of its output. */
export const ENDINGS = {
  missing: 'exit 127',
  killed: 'kill -KILL $$',
  'cut off': '"$real" "$@" | head -c "${CUT:-7}"; kill -KILL $$',
} as const;
export type Ending = keyof typeof ENDINGS;

/** A program that a step has started: its number among all of this step, and its arguments. */
export interface Call {
  readonly nth: number;
  readonly tool: string;
  readonly words: string;
}

/** Runs steps of an agent whose programs are counted, and of which some end without an answer. */
export function withSilentPrograms({
  run,
  folder,
  shell,
}: Pick<ReturnType<typeof underShell>, 'run' | 'folder' | 'shell'>) {
  const bin = join(folder, 'silent');
  const program = join(folder, 'silent-program');
  const words = (step: Step, one: Sent): string =>
    step === 'upload' ? one.upload : `${step} ${one.identity}${step === 'arm' ? ' 300' : ''}`;
  const does = (variables: string, step: Step, one: Sent): string =>
    wordOf(
      run(
        `${variables} ${shell} ${program} ${words(step, one)} 2>/dev/null`,
        step === 'upload' ? one.file : '',
      ).trimEnd(),
    );
  return {
    /** Prepares the device; call it once. */
    prepare: (): void =>
      void run(
        `mkdir ${bin}; sed 's|^PATH=.*|PATH=${bin}:/usr/sbin:/usr/bin:/sbin:/bin|' /usr/local/sbin/cpanel-edge-device >${program}
        cat >${bin}/tool; chmod 755 ${bin}/tool; for tool in ${TOOLS.join(' ')}; do ln ${bin}/tool ${bin}/$tool; done`,
        `#!/bin/sh
tool=\${0##*/}
real=/usr/bin/$tool
[ -x "$real" ] || real=/usr/sbin/$tool
# Whatever it starts is not itself again.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec 7>>${bin}/calls
flock 7
printf '%s ' "$tool" "$@" | tr '\\n' ' ' | cut -c 1-200 >&7
number=$(grep -c . ${bin}/calls)
exec 7>&-
ends=
case \${SILENT-} in
  "$tool") ends=yes ;;
  [0-9]*) [ "$number" -ne "$SILENT" ] || ends=yes ;;
esac
if [ -n "$ends" ]; then
  case $ENDS in
${Object.entries(ENDINGS)
  .map(([name, command]) => `    '${name}') ${command} ;;`)
  .join('\n')}
  esac
fi
exec "$real" "$@"
`,
      ),
    /** All programs that this step starts if nothing fails. */
    calls: (step: Step, one: Sent): readonly [answer: string, calls: readonly Call[]] => {
      run(`rm -f ${bin}/calls`);
      const answer = does('', step, one);
      const lines = run(`cat ${bin}/calls`).trimEnd().split('\n');
      return [
        answer,
        lines.map((line, n) => ({ nth: n + 1, tool: line.split(' ', 1)[0]!, words: line.replace(/^\S+ /, '').trim() })),
      ];
    },
    /** The answer of a step in which one call, or every call of one program, ends like this. */
    answer: (step: Step, one: Sent, silent: number | string, ending: Ending): string => {
      run(`rm -f ${bin}/calls`);
      return does(`SILENT=${silent} ENDS='${ending}'`, step, one);
    },
  };
}
