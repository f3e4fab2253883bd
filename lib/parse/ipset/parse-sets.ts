// Parses the lines `create` and `add` that `ipset save` prints, into sets with their elements.
import { spendSteps } from '../../net/step-budget';
import { ParserRefusals, quoteForDisplay } from '../../problems/line-problems';
import { IpSetElement, IpSet } from './ip-set';

/** Words of a set's header that take a value and don't change which packets it holds. */
const SIZE_OPTIONS = new Set(['hashsize', 'maxelem', 'bucketsize', 'initval', 'size', 'markmask', 'range']);
const FLAG_OPTIONS = new Set(['counters', 'comment', 'skbinfo', 'forceadd', '-exist', '-!']);
const ELEMENT_OPTIONS = new Set(['packets', 'bytes', 'comment', 'skbmark', 'skbprio', 'skbqueue']);
const SET_TYPE = /^(hash|bitmap|list):([a-z]+(?:,[a-z]+)*)$/;
/** The kernel takes no more parts of an element. */
const MAX_ELEMENT_PARTS = 3;

/** Parses `create bad hash:net family inet hashsize 1024`. */
export function parseCreate(
  words: readonly string[],
  line: number,
  sets: Map<string, IpSet>,
  say: ParserRefusals,
): void {
  const [name = '', type = '', ...options] = words;
  const [, method, parts] = SET_TYPE.exec(type) ?? [];
  if (name === '' || method === undefined || parts!.split(',').length > MAX_ELEMENT_PARTS)
    return say.unexpected(line, type, 'a type of a set');
  if (sets.has(name)) say.refuse('duplicate-set', line, `set ${quoteForDisplay(name)} is created twice.`, say.whole);
  let family: IpSet['family'] = 'ip';
  let netmask: number | undefined;
  let unsupportedOption: string | undefined;
  let expires = false;
  for (let at = 0; at < options.length; at++) {
    const word = options[at]!;
    if (FLAG_OPTIONS.has(word)) continue;
    const value = options[++at];
    if (value === undefined) say.unexpected(line, '', `the value of ${quoteForDisplay(word)}`);
    if (word === 'family') family = value === 'inet6' ? 'ip6' : 'ip';
    else if (word === 'netmask' && /^\d{1,3}$/.test(value!)) netmask = Number(value);
    else if (word === 'timeout') expires = value !== '0';
    else if (!SIZE_OPTIONS.has(word)) unsupportedOption = word;
  }
  const optionalSettings = {
    ...(netmask === undefined ? {} : { netmask }),
    ...(unsupportedOption === undefined ? {} : { unknownOption: unsupportedOption }),
  };
  sets.set(name, {
    name,
    method,
    parts: parts!.split(','),
    family,
    expires,
    ...optionalSettings,
    elements: [],
  });
}

/** Parses `add bad 192.0.2.0/24 timeout 600 nomatch`. */
export function parseAdd(
  words: readonly string[],
  line: number,
  sets: ReadonlyMap<string, IpSet>,
  say: ParserRefusals,
): void {
  const [name = '', text = '', ...options] = words;
  const set = sets.get(name);
  if (!set)
    return say.refuse(
      'no-such-set',
      line,
      `set ${quoteForDisplay(name)} is not created above.`,
      'the text whole, as `ipset save` prints it.',
    );
  if (text === '') say.unexpected(line, '', 'an element');
  spendSteps(1);
  let [expires, nomatch, wildcard] = [set.expires ?? false, false, false];
  for (let at = 0; at < options.length; at++) {
    const word = options[at]!;
    if (word === 'nomatch') nomatch = true;
    else if (word === 'wildcard') wildcard = true;
    else if (word === 'timeout' && /^\d+$/.test(options[at + 1] ?? '')) expires = options[++at] !== '0';
    // The position of a set in a list of sets has no effect.
    else if ((ELEMENT_OPTIONS.has(word) || word === 'before' || word === 'after') && options[at + 1] !== undefined)
      at += 1;
    else if (!FLAG_OPTIONS.has(word)) say.unexpected(line, word, 'an option of an element');
  }
  const element: IpSetElement = { text, expires, nomatch, wildcard };
  set.elements.push(element);
}
