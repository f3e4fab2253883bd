// Runs a command's work on one device over SSH, and shows the progress on a terminal.

import { Remote, useSsh } from '../driver/ssh';
import { Connection } from '../lib/agent-protocol/release';
import { PrintLine, runWithProgress } from './progress';

/**
 * Returns what `callback` gives for one device. A terminal shows the progress if it takes long.
 * @throws what useSsh throws
 */
export const runOnDevice = <T>(
  connection: Connection,
  callback: (remote: Remote, printLine: PrintLine) => Promise<T>,
): Promise<T> =>
  runWithProgress('devices asked', async (reportProgress, printLine) => {
    reportProgress(0, 1);
    return useSsh(connection, process.env, (remote) => callback(remote, printLine));
  });
