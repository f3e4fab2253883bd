import { spend } from '../../net/work';
import { Saying, shown } from '../../problems/in-text';
import { Element, IpSet } from './sets';

/** Words of a set's header that change nothing of which packets it holds, with a value. */
const SIZES = new Set(['hashsize', 'maxelem', 'bucketsize', 'initval', 'size', 'markmask', 'range']);
const FLAGS = new Set(['counters', 'comment', 'skbinfo', 'forceadd', '-exist', '-!']);
const OF_ELEMENTS = new Set(['packets', 'bytes', 'comment', 'skbmark', 'skbprio', 'skbqueue']);
const TYPE = /^(hash|bitmap|list):([a-z]+(?:,[a-z]+)*)$/;
/** The kernel takes no more elements. */
const MOST_PARTS = 3;

/** `create bad hash:net family inet hashsize 1024`. */
export function parseCreate(words: readonly string[], line: number, sets: Map<string, IpSet>, say: Saying): void {
  const [name = '', type = '', ...rest] = words;
  const [, method, parts] = TYPE.exec(type) ?? [];
  if (name === '' || method === undefined || parts!.split(',').length > MOST_PARTS)
    return say.unexpected(line, type, 'a type of a set');
  if (sets.has(name)) say.refuse('duplicate-set', line, `set ${shown(name)} is created twice.`, say.whole);
  let family: IpSet['family'] = 'ip';
  let netmask: number | undefined;
  let unclear: string | undefined;
  let fleeting = false;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at]!;
    if (FLAGS.has(word)) continue;
    const value = rest[++at];
    if (value === undefined) say.unexpected(line, '', `the value of ${shown(word)}`);
    if (word === 'family') family = value === 'inet6' ? 'ip6' : 'ip';
    else if (word === 'netmask' && /^\d{1,3}$/.test(value!)) netmask = Number(value);
    else if (word === 'timeout') fleeting = value !== '0';
    else if (!SIZES.has(word)) unclear = word;
  }
  const known = { ...(netmask === undefined ? {} : { netmask }), ...(unclear === undefined ? {} : { unclear }) };
  sets.set(name, { name, method, parts: parts!.split(','), family, fleeting, ...known, elements: [] });
}

/** `add bad 192.0.2.0/24 timeout 600 nomatch`. */
export function parseAdd(words: readonly string[], line: number, sets: ReadonlyMap<string, IpSet>, say: Saying): void {
  const [name = '', text = '', ...rest] = words;
  const set = sets.get(name);
  if (!set)
    return say.refuse(
      'no-such-set',
      line,
      `set ${shown(name)} is not created above.`,
      'the text whole, as `ipset save` prints it.',
    );
  if (text === '') say.unexpected(line, '', 'an element');
  spend(1);
  let [fleeting, nomatch, wildcard] = [set.fleeting ?? false, false, false];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at]!;
    if (word === 'nomatch') nomatch = true;
    else if (word === 'wildcard') wildcard = true;
    else if (word === 'timeout' && /^\d+$/.test(rest[at + 1] ?? '')) fleeting = rest[++at] !== '0';
    // Where in a list of sets it stands says nothing.
    else if ((OF_ELEMENTS.has(word) || word === 'before' || word === 'after') && rest[at + 1] !== undefined) at += 1;
    else if (!FLAGS.has(word)) say.unexpected(line, word, 'an option of an element');
  }
  const element: Element = { text, fleeting, nomatch, wildcard };
  set.elements.push(element);
}
