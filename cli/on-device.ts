import { Remote, withSsh } from '../driver/ssh';
import { Connection } from '../lib/agent-protocol/release';
import { Say, withProgress } from './progress';

/** Asks one device, which a terminal is told of where it takes long. Throws what withSsh throws. */
export const onDevice = <T>(connection: Connection, use: (remote: Remote, say: Say) => Promise<T>): Promise<T> =>
  withProgress('devices asked', async (at, say) => {
    at(0, 1);
    return withSsh(connection, process.env, (remote) => use(remote, say));
  });
