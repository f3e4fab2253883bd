import { Spread } from '../../../../parse/foreign';
import { PROGRAM } from './problems';
import { isOfProgram, mayHoldProgram } from './version';

/** The folder that all of them are in, and what is below it. */
const FILE =
  /^(?:(.*)\/)?(firewalld\.conf|direct\.xml|zones\/.+\.xml|(?:services|policies|ipsets|icmptypes|helpers)\/[^/]+\.xml)$/s;
/** A folder that holds such files. */
const FOLDER = /^(?:(.*)\/)?(?:zones(?:\/.+)?|services|policies|ipsets|icmptypes|helpers)$/s;
const ROOT = /(?:^|\/)(?:etc|usr\/lib)\/firewalld$/;

/** The files of firewalld among those of a server. */
export const spread: Spread = {
  called: 'firewalld’s files',
  packedBy: `ssh root@server "tar -chf - /etc/firewalld /usr/lib/firewalld ${PROGRAM}" > server.tar`,
  folders: ['usr/lib/firewalld'],
  mayHold: (path) => FOLDER.test(path) || mayHoldProgram(path),
  among(entries) {
    const roots = new Set(entries.flatMap(({ path }) => rootsBy(path)));
    const isIn = (found: RegExpExecArray | null): boolean => found !== null && roots.has(found[1] ?? '');
    const read = entries.filter(
      ({ path, isFile }) =>
        isIn(FILE.exec(path)) ||
        (isFile && roots.size > 0 && isOfProgram(path)) ||
        (!isFile && (ROOT.test(path) || isIn(FOLDER.exec(path)))),
    );
    return new Set(read.map(({ path }) => path));
  },
};

/** Where among firewalld's files one is, by its path; undefined for any other. */
export function placeOf(path: string): { readonly root: string; readonly parts: readonly string[] } | undefined {
  const [, root = '', own] = FILE.exec(path) ?? [];
  return own === undefined ? undefined : { root, parts: own.replace(/\.xml$/, '').split('/') };
}

/** Other programs have folders that are called services, too. */
function rootsBy(path: string): readonly string[] {
  const [, root = '', own = ''] = FILE.exec(path) ?? FOLDER.exec(path) ?? [];
  return own === 'firewalld.conf' || own.startsWith('zones/') || ROOT.test(root) ? [root] : [];
}
