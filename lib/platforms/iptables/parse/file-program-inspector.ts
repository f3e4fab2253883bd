// Creates the inspectors of running rules for csf and APF, programs that make iptables rules from their own files, and
// the lowering of their rules.

import { RunningConfigInspector } from '../../../parse/running-config';
import { LoweredConfig } from '../../../evaluator/evaluate-config';
import { lowerXtables } from '../../../parse/xtables/lower/ruleset';
import { ParsedXtables } from '../../../parse/xtables/parsed-xtables';
import { XtablesProblems } from '../../../parse/xtables/xtables-problems';
import { live as iptablesLive } from './running-config';

const EVERY_TABLE = 'every table';

/** Returns the lowering for a program that empties every table when it loads its rules. */
export const createLowering =
  (messages: XtablesProblems) =>
  (parsedTables: ParsedXtables): LoweredConfig => ({
    ruleset: lowerXtables(parsedTables, messages),
    changedObjects: [EVERY_TABLE],
    extendedObjects: [],
    onePlace: true,
  });

/** A program that keeps its owner's keys and lines in files and makes iptables rules of them. */
interface FileProgramTraits {
  /** The program's name in `findUnit`: `csf`. */
  readonly name: string;
  /** The prefix in front of the owner's name: `cc`. */
  readonly prefix: string;
  /** The file whose first line names the owner. */
  readonly settings: string;
  /** The file with the lines between the owner's marks. */
  readonly lines: string;
  /** Verdicts that are chains of the program. */
  readonly verdicts: RegExp;
}

/**
 * Returns the inspector for such a program. The running rules are one set, made of the owner's keys and lines and of
 * the rest of its files, and no name shows the origin of a rule. So no rule counts as ours, and without the program
 * there is nothing to compare with.
 */
export function createFileProgramLive({
  name,
  prefix,
  settings,
  lines,
  verdicts,
}: FileProgramTraits): RunningConfigInspector {
  const ownerLine = new RegExp(`^==> ${settings.replaceAll('.', '[.]')} <==\n# cpanel-edge:([a-z0-9-]+)$`, 'm');
  const unitPattern = new RegExp(`^${name} ${prefix}-([a-z0-9-]+)$`);
  return {
    places: iptablesLive.places,
    findUnit({ text }) {
      const owner = ownerLine.exec(text)?.[1];
      return owner === undefined ? undefined : `${name} ${prefix}-${owner}`;
    },
    isOwnedBy: (changedObject) => changedObject === EVERY_TABLE,
    apart: (text) => ({ whole: text, rest: text }),
    // A server has one owner: keys can't be shared.
    asDelivered: (releases) => releases.map(({ text }) => text).join('\n'),
    decides: (line) => iptablesLive.decides(line) || verdicts.test(line),
    shown(unitName) {
      const owner = unitPattern.exec(unitName ?? '')?.[1];
      return owner === undefined
        ? iptablesLive.shown(unitName)
        : `sed -n '/cpanel-edge:${owner} begin/,/cpanel-edge:${owner} end/p' ${lines}`;
    },
  };
}
