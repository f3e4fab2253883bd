import { RunningConfigInspector } from '../../../parse/running-config';
import { LoweredConfig } from '../../../evaluator/evaluate-config';
import { lowerXtables } from '../../../parse/xtables/lower/ruleset';
import { ParsedXtables } from '../../../parse/xtables/parsed-xtables';
import { XtablesProblems } from '../../../parse/xtables/xtables-problems';
import { live as rules } from './live';

const EVERY_TABLE = 'every table';

/** Such a program empties all of them. */
export const createLowering =
  (messages: XtablesProblems) =>
  (parsedTables: ParsedXtables): LoweredConfig => ({
    ruleset: lowerXtables(parsedTables, messages),
    touches: [EVERY_TABLE],
    addsTo: [],
    onePlace: true,
  });

/** A program that keeps what its owner's keys and lines are in files, and makes rules of iptables of them. */
interface FileProgramTraits {
  /** In `unitOf`: `csf`. */
  readonly name: string;
  /** Before the owner's name: `cc`. */
  readonly prefix: string;
  /** Whose first line is the owner's. */
  readonly settings: string;
  /** Where the lines between the owner's marks are. */
  readonly lines: string;
  /** Verdicts that are chains of its own. */
  readonly verdicts: RegExp;
}

/**
 * What runs is one set of rules that the program makes of the owner's keys and lines and of whatever else its files have: no name tells which rule
 * came of which. None is called ours, and without the program there is nothing to compare with.
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
    places: rules.places,
    unitOf({ text }) {
      const owner = ownerLine.exec(text)?.[1];
      return owner === undefined ? undefined : `${name} ${prefix}-${owner}`;
    },
    isOf: (changedObject) => changedObject === EVERY_TABLE,
    apart: (text) => ({ whole: text, rest: text }),
    // A server has one owner: keys can't be shared.
    asDelivered: (releases) => releases.map(({ text }) => text).join('\n'),
    decides: (line) => rules.decides(line) || verdicts.test(line),
    shown(unitName) {
      const owner = unitPattern.exec(unitName ?? '')?.[1];
      return owner === undefined
        ? rules.shown(unitName)
        : `sed -n '/cpanel-edge:${owner} begin/,/cpanel-edge:${owner} end/p' ${lines}`;
    },
  };
}
