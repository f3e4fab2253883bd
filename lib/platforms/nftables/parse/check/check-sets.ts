// Finds sets, maps and elements that nft or the kernel refuses: unknown types, contradicting flags, values of a wrong
// type, missing data, overlaps.

import { Problem } from '../../../../problems/problem';
import { findOverlap } from './find-overlap';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { createProblem } from '../parse-problems';
import { ParsedNftElement, ParsedNftSet, ParsedNftTable, canExpire } from '../syntax-tree';
import { VALUE_CHECKS, isType, isMultiValue } from '../data-types';

/** Types that a map may lead to besides values: named objects, which decide nothing. */
const OBJECT_TYPES = new Set(['counter', 'quota', 'limit', 'secmark', 'synproxy']);

type ElementTypes = readonly (string | undefined)[] | undefined;

/**
 * Returns everything in the sets of a table that nft or the kernel refuses. They then don't load the text at all.
 * Source: each case tried with nft 1.0.6.
 */
export const checkSets = (table: ParsedNftTable): readonly Problem[] => [...table.sets.values()].flatMap(checkSet);

/** Returns everything in one set that nft or the kernel refuses. */
export function checkSet(set: ParsedNftSet): readonly Problem[] {
  const problems: Problem[] = [];
  checkSetHeader(set, problems);
  for (const element of set.elements) checkSetElement(set, element, problems);
  if (problems.length === 0) checkSetOverlap(set, problems);
  return problems;
}

function checkSetHeader({ name, line, head }: ParsedNftSet, problems: Problem[]): void {
  const report = (what: string, instead: string): void =>
    void problems.push(createProblem('bad-set', line, `set ${quoteForDisplay(name)} ${what}`, instead));
  const { key, data, isMap, autoMerge } = head;
  const [isInterval, isDynamic, isConstant] = ['interval', 'dynamic', 'constant'].map((flag) => head.flags.has(flag));
  for (const type of key ?? [])
    if (type !== undefined && !isType(type))
      report(`has keys of a type ${quoteForDisplay(type)}, which there isn't.`, 'a type of nft.');
  for (const type of data ?? [])
    if (type !== undefined && !isType(type) && !(data?.length === 1 && (type === 'verdict' || OBJECT_TYPES.has(type))))
      report(`leads to a type ${quoteForDisplay(type)}, which there isn't.`, 'a type of nft.');
  if (autoMerge && !isInterval) report('merges intervals but holds none.', 'flags interval, or no auto-merge.');
  if (isInterval && isDynamic)
    report('holds intervals, and rules may add to it: no kernel takes both.', 'one of the flags.');
  if (isConstant && canExpire(head)) report("doesn't change, and its elements expire.", 'one of them.');
  if (isMap && autoMerge) report('merges intervals that lead somewhere.', 'no auto-merge.');
}

function checkSetElement({ name, head }: ParsedNftSet, element: ParsedNftElement, problems: Problem[]): void {
  const report = (code: string, what: string, instead: string): void =>
    void problems.push(
      createProblem(
        code,
        element.line,
        `${quoteForDisplay(element.key.join(' . '))} of set ${quoteForDisplay(name)} ${what}`,
        instead,
      ),
    );
  checkKey(element, head.key, report);
  if (!head.flags.has('interval') && element.key.some((text, i) => isMultiValue(head.key?.[i], text)))
    report('bad-value', 'stands for several, and the set holds single values.', '`flags interval` in the set.');
  for (const option of element.options ?? []) {
    if (option === 'timeout' || option === 'expires') {
      if (!canExpire(head))
        report('bad-value', 'expires, and elements of this set don’t.', '`flags timeout` in the set.');
    } else if (head.statements.size > 0 ? !head.statements.has(option) : !head.flags.has('dynamic'))
      report(
        'bad-value',
        `has a ${option} of its own, and elements of this set have none.`,
        `\`${option}\` in the set.`,
      );
  }
  if (!head.isMap) {
    if (element.data || element.verdict)
      report('bad-data', 'leads somewhere, and the set is no map.', 'a map, or the key alone.');
    return;
  }
  checkData(element, head.data, head.intervalData, report);
}

type ReportElement = (code: string, what: string, instead: string) => void;

/** Reports a key that doesn't have a valid value for each field. */
export function checkKey({ key }: ParsedNftElement, types: ElementTypes, report: ReportElement): void {
  if (types === undefined || (key.length === 1 && key[0] === '*')) return;
  if (key.length !== types.length)
    report('bad-value', `has ${key.length} values where there are ${types.length} fields.`, 'one for each.');
  else
    key.forEach((text, i) => {
      const type = types[i];
      if (type !== undefined && VALUE_CHECKS.get(type)?.(text) === false)
        report('bad-value', `is nothing that ${type} may be.`, 'a value of that type.');
    });
}

/** Reports an element of a map with missing or wrong data. */
export function checkData(
  { data, verdict }: ParsedNftElement,
  types: ElementTypes,
  allowsIntervals: boolean,
  report: ReportElement,
): void {
  if (!data && !verdict)
    return report('no-data', 'leads nowhere, and stands in a map.', 'what it leads to, after a colon.');
  const type = types?.length === 1 ? types[0] : undefined;
  if (types === undefined || (type !== undefined && OBJECT_TYPES.has(type))) return;
  if ((type === 'verdict') !== (verdict !== undefined))
    return report(
      'bad-data',
      type === 'verdict' ? 'leads to no verdict.' : 'leads to a verdict.',
      'what the map leads to.',
    );
  if (!data) return;
  if (data.length !== types.length)
    return report('bad-data', `leads to ${data.length} values where there are ${types.length}.`, 'one for each.');
  data.forEach((text, i) => {
    const dataType = types[i];
    if (dataType !== undefined && VALUE_CHECKS.get(dataType)?.(text) === false)
      report(
        'bad-data',
        `leads to ${quoteForDisplay(text)}, which is nothing that ${dataType} may be.`,
        'a value of that type.',
      );
    else if (!allowsIntervals && isMultiValue(dataType, text))
      report(
        'bad-data',
        `leads to several values, ${quoteForDisplay(text)}.`,
        'one, or `: interval …` as the type of the map.',
      );
  });
}

/** Reports elements that can't be in one set together, or too many of them. */
function checkSetOverlap({ name, line, head, elements }: ParsedNftSet, problems: Problem[]): void {
  if (head.size !== undefined && head.size > 0 && new Set(elements.map(({ key }) => key.join(' . '))).size > head.size)
    problems.push(
      createProblem(
        'too-many-elements',
        line,
        `set ${quoteForDisplay(name)} has more elements than its size, ${head.size}.`,
        'a larger size.',
      ),
    );
  if (head.autoMerge) return;
  const overlap = findOverlap(elements, head.key, head.flags.has('interval'));
  if (overlap)
    problems.push(
      createProblem(
        'same-key-twice',
        overlap.second.line,
        `${quoteForDisplay(overlap.second.key.join(' . '))} and ${quoteForDisplay(overlap.first.key.join(' . '))} of set ${quoteForDisplay(name)} overlap.`,
        'one of them.',
      ),
    );
}
