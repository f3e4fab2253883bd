// Reads the edits in this folder: lines that are removed from or added to a good text, and the difference that the
// verifier must report.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TAMPERED_DEVICES } from './devices';

/** One file per edit: its title, removed (`-`) and added (`+`) lines, and the difference as a person reads it. */
export interface Edit {
  readonly base: keyof typeof TAMPERED_DEVICES;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly difference: string;
  /** The difference for related packets, if the edit is about those. */
  readonly related: string | undefined;
}

/** The texts of one platform that are edited, and the edits, in one folder. */
function editsIn(folder: string, ending: string) {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const baseText = (base: Edit['base']): string => read(`${base}${ending}`);

  function named(name: string): Edit {
    const [head = '', differences = ''] = read(name).split('\ndifference:\n');
    const [difference = '', related] = differences.split('difference of related:\n');
    const lines = head.split('\n');
    const marked = (mark: string): string[] =>
      lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
    const base = lines[0]!.split(':')[0] as Edit['base'];
    return { base, removed: marked('- '), added: marked('+ '), difference, related };
  }

  /**
   * Puts the added lines in the place of the first removed one, or at the end. Throws if a removed line isn't there.
   */
  function edited({ base, removed, added }: Edit): string {
    const lines = baseText(base).split('\n');
    const places = removed.map((line) => lines.findIndex((one) => one.trim() === line.trim()));
    if (places.includes(-1)) throw new Error(`not all of these lines are in ${base}${ending}: ${removed.join(', ')}`);
    const at = places.length > 0 ? Math.min(...places) : lines.length;
    return [...lines.slice(0, at), ...added, ...lines.slice(at).filter((_, i) => !places.includes(at + i))].join('\n');
  }

  return { names: readdirSync(folder).filter((name) => name.endsWith('.edit')), baseText, named, edited };
}

export const NFT_EDITS = editsIn(__dirname, '.nft');
/** The same two devices on iptables, with the same exposure. */
export const IPTABLES_EDITS = editsIn(join(__dirname, '../../iptables/tampered'), '.rules');
