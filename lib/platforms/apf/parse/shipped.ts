import { Place } from '../../../parse/printed-files';
import { AtLine } from '../../../parse/xtables/made';
import { Files } from './files';
import { UNRESOLVED } from './version';

/** Scripts in which a server may have no code at all. */
const OPTIONAL = ['preroute.rules', 'postroute.rules', 'hook_pre.sh', 'hook_post.sh'];

/** Of a script's code, without remarks: FNV-1a of 32 bits, which tells edits apart and no attacks. */
function fingerprintOf(lines: readonly string[]): string {
  const code = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  let hash = 0x811c9dc5;
  for (const char of code.join('\n')) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return `${code.length}-${(hash >>> 0).toString(16)}`;
}

/** Protocols by which RESV_DNS lets in nobody in the end. */
export const unresolved = (files: Files): readonly string[] =>
  (files.linesOf('postroute.rules') ?? []).flatMap(({ text }) => UNRESOLVED.exec(text.trim())?.[1] ?? []);

/** Scripts in the text that are others than the package has. */
export const edited = (files: Files): readonly AtLine[] =>
  Object.entries(files.version.scripts).flatMap(([name, wanted]) => {
    const isOurs = ({ text }: Place): boolean =>
      name === 'postroute.rules' && files.version.follows?.test(text.trim()) === true;
    const lines = files.linesOf(name)?.filter((line) => !isOurs(line));
    const found = lines && fingerprintOf(lines.map(({ text }) => text));
    if (found === undefined || found === wanted || (found === fingerprintOf([]) && OPTIONAL.includes(name))) return [];
    const own = OPTIONAL.includes(name)
      ? lines!.find(({ text }) => /^\s*[^#\s]/.test(text) && !/^\s*(eout\b|tos\w+route\s*$)/.test(text))
      : undefined;
    return [
      {
        line: (own ?? lines![0])!.line,
        what: `${name} is not as ${files.version.shippedBy} has it, and may load any rule`,
      },
    ];
  });

/** Scripts that are not in the text. */
export const missing = (files: Files): readonly string[] =>
  Object.keys(files.version.scripts).filter((name) => !files.of(name));
