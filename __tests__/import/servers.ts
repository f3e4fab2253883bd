import { ImportedServer, ServerWish, importedServer } from '../../lib/import/server';
import { NetworkInterface } from '../../lib/net/device';
import { readables } from '../../lib/registry';

const WISH: ServerWish = { device: 'web1', owner: 'hosting', platform: 'nftables', version: '1.0.6', sshPort: 22 };

/** The server that runs these rules. */
export const serverOf = (
  platform: keyof typeof readables,
  text: string,
  interfaces: readonly NetworkInterface[],
  wish: Partial<ServerWish> = {},
): ImportedServer =>
  importedServer((device) => readables[platform].foreign.parsed(text).read(device).exposure, interfaces, { ...WISH, ...wish });

export const UNCHANGED = { opened: [], closed: [], elsewhere: [], undecided: [], unknown: [], because: [] };
