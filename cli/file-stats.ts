// Returns whether a path is a file or a folder, its size, and the time of its last change. A path that can't be
// examined counts as missing.
import { Stats, statSync } from 'node:fs';

/**
 * Returns the stats of a file; undefined if it doesn't exist or this user may not look. The code that reads the file
 * then reports why.
 */
function findStats(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

export const isFolder = (path: string): boolean => findStats(path)?.isDirectory() ?? false;
export const isFile = (path: string): boolean => findStats(path)?.isFile() ?? false;
/** Returns the size in bytes; 0 for a path without a size, such as a pipe. */
export const getSize = (path: string): number => findStats(path)?.size ?? 0;
/** Returns the time of the last change in milliseconds since 1970; infinity if there is no such file. */
export const getChangeTime = (path: string): number => findStats(path)?.mtimeMs ?? Infinity;
