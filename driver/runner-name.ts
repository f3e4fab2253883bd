import { hostname, userInfo } from 'node:os';

/** Who delivers, as the device keeps it with the release: `user@host`, in `[A-Za-z0-9][A-Za-z0-9._@:/-]{0,127}`. */
export const runnerName = (): string =>
  `${userName()}@${hostname()}`
    .replace(/[^A-Za-z0-9._@:/-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 128);

/** In a container nobody may have a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
