// Recognises firewalld's files by path (/etc/firewalld, /usr/lib/firewalld) and selects them among a server's files,
// for the exposure report, which takes them as a folder or an archive.

import { FileLayout } from '../../../../parse/config-format';
import { PROGRAM_PATH } from './parse-problems';
import { isProgramFile, canHoldProgram } from './firewalld-version';

/** A file of firewalld: its root folder, and the path below it. */
const FIREWALLD_FILE =
  /^(?:(.*)\/)?(firewalld\.conf|direct\.xml|zones\/.+\.xml|(?:services|policies|ipsets|icmptypes|helpers)\/[^/]+\.xml)$/s;
/** A folder that holds such files. */
const FIREWALLD_FOLDER = /^(?:(.*)\/)?(?:zones(?:\/.+)?|services|policies|ipsets|icmptypes|helpers)$/s;
const ROOT_FOLDER = /(?:^|\/)(?:etc|usr\/lib)\/firewalld$/;

/** Selects firewalld's files among those of a server. */
export const fileLayout: FileLayout = {
  label: 'firewalld’s files',
  packCommand: `ssh root@server "tar -chf - /etc/firewalld /usr/lib/firewalld ${PROGRAM_PATH}" > server.tar`,
  folders: ['usr/lib/firewalld'],
  mayHold: (path) => FIREWALLD_FOLDER.test(path) || canHoldProgram(path),
  among(entries) {
    const roots = new Set(entries.flatMap(({ path }) => findRoots(path)));
    const isIn = (match: RegExpExecArray | null): boolean => match !== null && roots.has(match[1] ?? '');
    const selected = entries.filter(
      ({ path, isFile }) =>
        isIn(FIREWALLD_FILE.exec(path)) ||
        (isFile && roots.size > 0 && isProgramFile(path)) ||
        (!isFile && (ROOT_FOLDER.test(path) || isIn(FIREWALLD_FOLDER.exec(path)))),
    );
    return new Set(selected.map(({ path }) => path));
  },
};

/** Returns the place of a file among firewalld's. Returns undefined for any other path. */
export function parseFilePath(path: string): { readonly root: string; readonly parts: readonly string[] } | undefined {
  const [, root = '', relativePath] = FIREWALLD_FILE.exec(path) ?? [];
  return relativePath === undefined ? undefined : { root, parts: relativePath.replace(/\.xml$/, '').split('/') };
}

/**
 * Returns firewalld's root folder, if the path shows one. A folder called services isn't enough: other programs have
 * one, too.
 */
function findRoots(path: string): readonly string[] {
  const [, root = '', relativePath = ''] = FIREWALLD_FILE.exec(path) ?? FIREWALLD_FOLDER.exec(path) ?? [];
  return relativePath === 'firewalld.conf' || relativePath.startsWith('zones/') || ROOT_FOLDER.test(root) ? [root] : [];
}
