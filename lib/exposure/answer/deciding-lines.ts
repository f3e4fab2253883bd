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
  const rules = deciders.flatMap(({ description, line, jump }) =>
    description === undefined && line !== undefined ? [{ first: jump?.number ?? line, line }] : [],
  );
  const ruleLines = [
    ...new Set(rules.sort((a, b) => a.first - b.first || a.line - b.line).flatMap(({ first, line }) => [first, line])),
  ];
  const linesByWords = new Map<string, Set<number>>();
  for (const { description, line } of deciders) {
    if (description === undefined) continue;
    const lines = linesByWords.get(description) ?? new Set();
    linesByWords.set(description, line === undefined ? lines : lines.add(line));
  }
  return [
    ...(ruleLines.length === 0 ? [] : [printLineNumbers(ruleLines)]),
    ...[...linesByWords].map(([words, lines]) =>
      lines.size === 0 ? words : `${words}, ${printLineNumbers([...lines].sort((a, b) => a - b))}`,
    ),
  ];
}

const printLineNumbers = (lines: readonly number[]): string =>
  `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, MAX_LINES).join(', ')}${lines.length > MAX_LINES ? ', …' : ''}`;
