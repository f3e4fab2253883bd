// Kills the agent at a given moment of one of its commands, such as when it starts a program for the third time.

import { join } from 'node:path';
import { Sent } from './stream';
import { underShell } from './under-shell';

/**
 * A moment of a command: when the agent starts a program with these words for the nth time, or once that program has
 * ended.
 */
export interface Moment {
  readonly command: string;
  readonly when: 'before' | 'after';
  /** A pattern of `case`. */
  readonly words?: string;
  readonly nth?: number;
}

type Under = Pick<ReturnType<typeof underShell>, 'run' | 'folder' | 'shell'>;

/**
 * Arms a release and kills the agent at this moment. The started program still runs to its end, as a program does that
 * outlives the agent. `bin` below the folder has to be first in the agent's PATH. Throws if the moment never comes.
 */
export function armKilled(
  { run, folder, shell }: Under,
  one: Sent,
  { command, when, words = '*', nth = 1 }: Moment,
): void {
  const [bin, kept] = [join(folder, 'bin'), join(folder, 'killed')];
  // The shell that keeps the answer, and the one that runs the command.
  const kills = `[ "$number" != ${nth} ] || { both=$(cat ${kept}/program) && kill -KILL "$both" $(pgrep -P "$both"); }`;
  const said = run(
    `mkdir ${kept}; if [ -e ${bin}/${command} ]; then mv ${bin}/${command} ${kept}/real; else ln -s "$(command -v ${command})" ${kept}/real; fi
    cat >${bin}/${command}; chmod 755 ${bin}/${command}
    sh -c 'echo $$ >"$0"; exec ${shell} /usr/local/sbin/cpanel-edge-device arm ${one.identity} 300' ${kept}/program >/dev/null 2>&1
    status=$?; [ $status != 137 ] || until [ -e ${kept}/ended ]; do sleep 0.05; done
    rm ${bin}/${command}; [ -L ${kept}/real ] || mv ${kept}/real ${bin}/${command}; rm -r ${kept}; echo $status`,
    `#!/bin/sh
number=0
case "$*" in ${words}) echo >>${kept}/calls; number=$(wc -l <${kept}/calls) ;; esac
${when === 'before' ? kills : ''}
${kept}/real "$@"
status=$?
${when === 'after' ? kills : ''}
[ "$number" != ${nth} ] || : >${kept}/ended
exit $status
`,
  ).trim();
  if (said !== '137') throw new Error(`The program never came to ${command}: it ended with ${said}`);
}
