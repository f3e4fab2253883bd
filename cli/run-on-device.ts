import { Remote, useSsh } from '../driver/ssh';
import { Connection } from '../lib/agent-protocol/release';
import { PrintLine, runWithProgress } from './progress';

/** Asks one device, which a terminal is told of where it takes long. Throws what withSsh throws. */
export const runOnDevice = <T>(
  connection: Connection,
  use: (remote: Remote, printLine: PrintLine) => Promise<T>,
): Promise<T> =>
  runWithProgress('devices asked', async (reportProgress, printLine) => {
    reportProgress(0, 1);
    return useSsh(connection, process.env, (remote) => use(remote, printLine));
  });
