// Explains in words for operators why a file can't be read or written: `ENOENT` is "there is no such file or folder".
const REASON_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  ENOSPC: 'there is no space left',
  EROFS: 'its file system is read-only',
  EEXIST: 'a file of that name is there',
  ELOOP: 'its links lead in a circle',
  ENXIO: 'it is no file',
};

/**
 * Returns why a file can't be read or written, in words for operators. The system's codes and call names tell them
 * nothing.
 */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return 'for an unknown reason';
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASON_WORDS[code]) ?? message.replace(/, \w+( '.*')?$/, '');
}
