// Compares the scripts of APF on a server with the fingerprints in apf-version.ts: finds edited scripts, of which it is
// unknown which rules they load, and missing ones. Also lists the protocols for which postroute.rules lets no resolver
// in.

import { SourceLocation } from '../../../parse/printed-files';
import { LineNote } from '../../../parse/xtables/load-notes';
import { ApfFiles } from './apf-files';
import { REMOVE_RESOLVER_FORM } from './apf-version';

/** Scripts that may have no code at all on a server. */
const OPTIONAL_SCRIPTS = ['preroute.rules', 'postroute.rules', 'hook_pre.sh', 'hook_post.sh'];

/**
 * Returns the fingerprint of a script's code, without remarks: FNV-1a of 32 bits, which detects edits but no attacks.
 */
function computeFingerprint(lines: readonly string[]): string {
  const code = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  let hash = 0x811c9dc5;
  for (const char of code.join('\n')) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return `${code.length}-${(hash >>> 0).toString(16)}`;
}

/** Returns the protocols by which RESV_DNS lets no source in after postroute.rules. */
export const listUnresolved = (files: ApfFiles): readonly string[] =>
  (files.findLines('postroute.rules') ?? []).flatMap(({ text }) => REMOVE_RESOLVER_FORM.exec(text.trim())?.[1] ?? []);

/** Returns notes on scripts in the text that differ from the shipped ones. */
export const findEditedScripts = (files: ApfFiles): readonly LineNote[] =>
  Object.entries(files.version.scripts).flatMap(([name, expected]) => {
    const isOurs = ({ text }: SourceLocation): boolean =>
      name === 'postroute.rules' && files.version.follows?.test(text.trim()) === true;
    const lines = files.findLines(name)?.filter((line) => !isOurs(line));
    const fingerprint = lines && computeFingerprint(lines.map(({ text }) => text));
    if (
      fingerprint === undefined ||
      fingerprint === expected ||
      (fingerprint === computeFingerprint([]) && OPTIONAL_SCRIPTS.includes(name))
    )
      return [];
    const firstCodeLine = OPTIONAL_SCRIPTS.includes(name)
      ? lines!.find(({ text }) => /^\s*[^#\s]/.test(text) && !/^\s*(eout\b|tos\w+route\s*$)/.test(text))
      : undefined;
    return [
      {
        line: (firstCodeLine ?? lines![0])!.line,
        what: `${name} is not as ${files.version.shippedBy} has it, and may load any rule`,
      },
    ];
  });

/** Returns the scripts that aren't in the text. */
export const listMissingScripts = (files: ApfFiles): readonly string[] =>
  Object.keys(files.version.scripts).filter((name) => !files.find(name));
