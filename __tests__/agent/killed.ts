// Kills the agent at a given moment of one of its commands, such as when it starts a program for the third time.

import { join } from 'node:path';
import { Sent } from './stream';
import { underShell } from './under-shell';

/** A moment of a command: as the program starts it, or once it has ended, for the nth time with such words. */
export interface Moment {
  readonly command: string;
  readonly when: 'before' | 'after';
  /** A pattern of `case`. */
  readonly words?: string;
  readonly nth?: number;
}

type Under = Pick<ReturnType<typeof underShell>, 'run' | 'folder' | 'shell'>;

/**
 * Arms a release and kills the program at this moment. The command itself comes to its end, as one does that outlives a killed program.
 * `bin` below the folder has to be the first of the program's PATH. Throws where the moment never comes.
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
