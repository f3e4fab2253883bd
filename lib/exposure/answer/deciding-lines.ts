// Prints the lines of a ruleset that decide an answer of `exposure`: `policy drop, line 3`.
import { groupBy } from '../../net/group-by';
import { DecisionSource } from '../../parse/config-parser';
import { joinFirst } from '../report/print-services';

/** The most deciding lines of a device, and the most devices, that an answer names. */
const MAX_LINES = 3;

/**
 * Returns the deciding lines as text, rules first: `line 24`, `lines 24, 85`, `policy drop, line 3`, `gw1: line 24`.
 */
export function printDecidingLines(deciders: readonly DecisionSource[]): string {
  const decidersByDevice = [...groupBy(deciders, ({ textName: device = '' }) => device)];
  const parts = decidersByDevice.flatMap(([device, deviceDeciders]) => {
    const lines = listDecidingLines(deviceDeciders);
    // The limit holds for the devices and for the lines of each device.
    return device === '' || lines.length === 0 ? lines : [`${device}: ${joinFirst(lines, MAX_LINES)}`];
  });
  return joinFirst(parts, MAX_LINES);
}

function listDecidingLines(deciders: readonly DecisionSource[]): readonly string[] {
  const ruleLines = deciders.filter(({ description }) => description === undefined);
  const byWords = groupBy(
    deciders.filter(({ description }) => description !== undefined),
    ({ description }) => description,
  );
  return [
    ...printFileLines(ruleLines),
    ...[...byWords].map(([words, sources]) => [words, ...printFileLines(sources)].join(', ')),
  ];
}

/** Returns the lines of each file: `rules.v4:17, 19`; or `lines 17, 19` for a text without a file. */
const printFileLines = (sources: readonly DecisionSource[]): readonly string[] =>
  [...groupBy(sources, ({ file }) => file)].flatMap(([file, ofFile]) => {
    // A rule that jumps stands before the shared verdict that it jumps to.
    const pairs = ofFile
      .flatMap(({ line, jump }) => (line === undefined ? [] : [{ first: jump?.number ?? line, line }]))
      .sort((a, b) => a.first - b.first || a.line - b.line);
    const lines = [...new Set(pairs.flatMap(({ first, line }) => [first, line]))];
    return lines.length === 0 ? [] : [printLineNumbers(lines, file)];
  });

const printLineNumbers = (lines: readonly number[], file: string | undefined): string =>
  `${file === undefined ? `${lines.length === 1 ? 'line' : 'lines'} ` : `${file}:`}${lines.slice(0, MAX_LINES).join(', ')}${lines.length > MAX_LINES ? ', …' : ''}`;
