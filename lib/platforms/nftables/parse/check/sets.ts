import { Problem } from '../../../../problems/problem';
import { overlapping } from './overlaps';
import { shown } from '../../../../problems/in-text';
import { problem } from '../problems';
import { Element, NamedSet, Table, expires } from '../ruleset';
import { JUDGES, isType, isWide } from '../data-types';

/** What a map may lead to besides values: things with a name, which decide nothing. */
const OBJECTS = new Set(['counter', 'quota', 'limit', 'secmark', 'synproxy']);

type Types = readonly (string | undefined)[] | undefined;

/** What nft or the kernel refuse of the sets of a table: then the whole text isn't loaded. Source: each asked of nft 1.0.6. */
export const checkSets = (table: Table): readonly Problem[] => [...table.sets.values()].flatMap(checkSet);

/** Why nft or the kernel refuse one set. */
export function checkSet(set: NamedSet): readonly Problem[] {
  const problems: Problem[] = [];
  checkHead(set, problems);
  for (const element of set.elements) checkNamedElement(set, element, problems);
  if (problems.length === 0) checkTogether(set, problems);
  return problems;
}

function checkHead({ name, line, head }: NamedSet, problems: Problem[]): void {
  const say = (what: string, instead: string): void =>
    void problems.push(problem('bad-set', line, `set ${shown(name)} ${what}`, instead));
  const { key, data, isMap, autoMerge } = head;
  const [interval, dynamic, constant] = ['interval', 'dynamic', 'constant'].map((flag) => head.flags.has(flag));
  for (const type of key ?? [])
    if (type !== undefined && !isType(type))
      say(`has keys of a type ${shown(type)}, which there isn't.`, 'a type of nft.');
  for (const type of data ?? [])
    if (type !== undefined && !isType(type) && !(data?.length === 1 && (type === 'verdict' || OBJECTS.has(type))))
      say(`leads to a type ${shown(type)}, which there isn't.`, 'a type of nft.');
  if (autoMerge && !interval) say('merges intervals but holds none.', 'flags interval, or no auto-merge.');
  if (interval && dynamic) say('holds intervals, and rules may add to it: no kernel takes both.', 'one of the flags.');
  if (constant && expires(head)) say("doesn't change, and its elements expire.", 'one of them.');
  if (isMap && autoMerge) say('merges intervals that lead somewhere.', 'no auto-merge.');
}

function checkNamedElement({ name, head }: NamedSet, element: Element, problems: Problem[]): void {
  const say = (code: string, what: string, instead: string): void =>
    void problems.push(
      problem(code, element.line, `${shown(element.key.join(' . '))} of set ${shown(name)} ${what}`, instead),
    );
  checkKey(element, head.key, say);
  if (!head.flags.has('interval') && element.key.some((text, i) => isWide(head.key?.[i], text)))
    say('bad-value', 'stands for several, and the set holds single values.', '`flags interval` in the set.');
  for (const option of element.options ?? []) {
    if (option === 'timeout' || option === 'expires') {
      if (!expires(head)) say('bad-value', 'expires, and elements of this set don’t.', '`flags timeout` in the set.');
    } else if (head.statements.size > 0 ? !head.statements.has(option) : !head.flags.has('dynamic'))
      say('bad-value', `has a ${option} of its own, and elements of this set have none.`, `\`${option}\` in the set.`);
  }
  if (!head.isMap) {
    if (element.data || element.verdict)
      say('bad-data', 'leads somewhere, and the set is no map.', 'a map, or the key alone.');
    return;
  }
  checkData(element, head.data, head.intervalData, say);
}

type Say = (code: string, what: string, instead: string) => void;

/** One value for each field, and each what its field may have. */
export function checkKey({ key }: Element, types: Types, say: Say): void {
  if (types === undefined || (key.length === 1 && key[0] === '*')) return;
  if (key.length !== types.length)
    say('bad-value', `has ${key.length} values where there are ${types.length} fields.`, 'one for each.');
  else
    key.forEach((text, i) => {
      const type = types[i];
      if (type !== undefined && JUDGES.get(type)?.(text) === false)
        say('bad-value', `is nothing that ${type} may be.`, 'a value of that type.');
    });
}

/** Where an element of a map leads. */
export function checkData({ data, verdict }: Element, types: Types, intervals: boolean, say: Say): void {
  if (!data && !verdict)
    return say('no-data', 'leads nowhere, and stands in a map.', 'what it leads to, after a colon.');
  const type = types?.length === 1 ? types[0] : undefined;
  if (types === undefined || (type !== undefined && OBJECTS.has(type))) return;
  if ((type === 'verdict') !== (verdict !== undefined))
    return say(
      'bad-data',
      type === 'verdict' ? 'leads to no verdict.' : 'leads to a verdict.',
      'what the map leads to.',
    );
  if (!data) return;
  if (data.length !== types.length)
    return say('bad-data', `leads to ${data.length} values where there are ${types.length}.`, 'one for each.');
  data.forEach((text, i) => {
    const one = types[i];
    if (one !== undefined && JUDGES.get(one)?.(text) === false)
      say('bad-data', `leads to ${shown(text)}, which is nothing that ${one} may be.`, 'a value of that type.');
    else if (!intervals && isWide(one, text))
      say('bad-data', `leads to several values, ${shown(text)}.`, 'one, or `: interval …` as the type of the map.');
  });
}

/** What elements are not beside each other. */
function checkTogether({ name, line, head, elements }: NamedSet, problems: Problem[]): void {
  if (head.size !== undefined && head.size > 0 && new Set(elements.map(({ key }) => key.join(' . '))).size > head.size)
    problems.push(
      problem(
        'too-many-elements',
        line,
        `set ${shown(name)} has more elements than its size, ${head.size}.`,
        'a larger size.',
      ),
    );
  if (head.autoMerge) return;
  const found = overlapping(elements, head.key, head.flags.has('interval'));
  if (found)
    problems.push(
      problem(
        'same-key-twice',
        found.second.line,
        `${shown(found.second.key.join(' . '))} and ${shown(found.first.key.join(' . '))} of set ${shown(name)} overlap.`,
        'one of them.',
      ),
    );
}
