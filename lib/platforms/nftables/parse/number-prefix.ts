import { NumberRange } from '../../../net/device';
import { integer } from '../../../parse/netfilter/integers';
import { Field } from '../../../evaluator/fields';
import { Value } from '../../../evaluator/model';
import { numberRange, valueOf } from '../../../parse/netfilter/values';
import { Test } from './ruleset';

/** `0x10/28` of 32 bits: all numbers that begin so. Bits behind are masked away. nft lists so what a mask leaves of a mark. Source: nft 1.0.6. */
function numberPrefix(text: string, width: number): NumberRange | undefined {
  const [, number = '', length = ''] = /^(0x[0-9a-f]+|\d+)\/(\d{1,2})$/i.exec(text) ?? [];
  const value = integer(number);
  const free = width - Number(length);
  if (value === undefined || free < 0 || value >= 2 ** width) return undefined;
  const first = value - (value % 2 ** free);
  return { first, last: first + 2 ** free - 1 };
}

/** `22`, `22-25`, `1024/6`, `ssh`. */
export const numbersAs = (text: string, words: ReadonlyMap<string, number>, width: number): NumberRange | undefined =>
  numberRange(text, words) ?? (text.includes('/') ? numberPrefix(text, width) : undefined);

const widthOf = ({ looksAt }: Field): number | undefined => {
  if (looksAt.is === 'number') return looksAt.axis === 'protocol' || looksAt.words.startsWith('icmp') ? 8 : 16;
  return looksAt.is === 'fact' && looksAt.words === 'none' ? 32 : undefined;
};

/** What a field is compared with. Of a mark beside other fields nft 1.0.6 loads other bits than are written, and lists what it has loaded. */
export function valueAs(field: Field, text: string, isAlone: boolean): Value | undefined {
  if (field.looksAt.is === 'unmodelled' && text !== '*') return { is: 'name', name: text, wild: false };
  const width = isAlone || field.looksAt.is === 'number' ? widthOf(field) : undefined;
  const range = width === undefined || !text.includes('/') ? undefined : numberPrefix(text, width);
  return range ? { is: 'numbers', range } : valueOf(field, text);
}

/** A mark that begins with some bits, as a test of these alone: of the others nothing has to be known. */
export function ofSomeBits(test: Test): Test {
  const { fields, comparison, mask, right } = test;
  if (mask !== undefined || !/^(meta|ct) mark$/.test(fields.join()) || 'set' in right || right.elements.length > 1)
    return test;
  if (!['', '==', '!='].includes(comparison)) return test;
  const [element] = right.elements;
  const text = element?.key[0] ?? '';
  const range = text.includes('/') ? numberPrefix(text, 32) : undefined;
  if (!element || !range) return test;
  const bits = 2 ** 32 - (range.last - range.first + 1);
  const elements = [{ ...element, key: [`${range.first}`] }];
  return { ...test, mask: `${bits}`, comparison: comparison || '==', right: { elements, braces: false } };
}
