import { Stats, statSync } from 'node:fs';

/** Undefined where there is none, or this user may not look: who reads it then says why. */
function findStats(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

export const isFolder = (path: string): boolean => findStats(path)?.isDirectory() ?? false;
export const isFile = (path: string): boolean => findStats(path)?.isFile() ?? false;
/** 0 also for what has no size, such as a pipe. */
export const getSize = (path: string): number => findStats(path)?.size ?? 0;
/** In milliseconds of the epoch; infinitely late where there is nothing. */
export const getChangeTime = (path: string): number => findStats(path)?.mtimeMs ?? Infinity;
