import { NumberRange } from '../../../net/device';
import { parseInteger } from '../../../parse/netfilter/parse-integers';
import { PacketField } from '../../../evaluator/packet-fields';
import { FieldValue } from '../../../evaluator/ruleset-model';
import { parseNumberRange, parseValue } from '../../../parse/netfilter/parse-values';
import { NftTest } from './syntax-tree';

/** `0x10/28` of 32 bits: all numbers that begin so. Bits behind are masked away. nft lists so what a mask leaves of a mark. Source: nft 1.0.6. */
function parseNumberPrefix(text: string, width: number): NumberRange | undefined {
  const [, number = '', length = ''] = /^(0x[0-9a-f]+|\d+)\/(\d{1,2})$/i.exec(text) ?? [];
  const value = parseInteger(number);
  const freeBits = width - Number(length);
  if (value === undefined || freeBits < 0 || value >= 2 ** width) return undefined;
  const first = value - (value % 2 ** freeBits);
  return { first, last: first + 2 ** freeBits - 1 };
}

/** `22`, `22-25`, `1024/6`, `ssh`. */
export const parseNumbers = (
  text: string,
  words: ReadonlyMap<string, number>,
  width: number,
): NumberRange | undefined =>
  parseNumberRange(text, words) ?? (text.includes('/') ? parseNumberPrefix(text, width) : undefined);

const getFieldWidth = ({ looksAt }: PacketField): number | undefined => {
  if (looksAt.is === 'number') return looksAt.axis === 'protocol' || looksAt.words.startsWith('icmp') ? 8 : 16;
  return looksAt.is === 'fact' && looksAt.words === 'none' ? 32 : undefined;
};

/** What a field is compared with. Of a mark beside other fields nft 1.0.6 loads other bits than are written, and lists what it has loaded. */
export function parseFieldValue(field: PacketField, text: string, isAlone: boolean): FieldValue | undefined {
  if (field.looksAt.is === 'unmodelled' && text !== '*') return { is: 'name', name: text, wild: false };
  const width = isAlone || field.looksAt.is === 'number' ? getFieldWidth(field) : undefined;
  const range = width === undefined || !text.includes('/') ? undefined : parseNumberPrefix(text, width);
  return range ? { is: 'numbers', range } : parseValue(field, text);
}

/** A mark that begins with some bits, as a test of these alone: of the others nothing has to be known. */
export function maskPrefixTest(test: NftTest): NftTest {
  const { fields, comparison, mask, right } = test;
  if (mask !== undefined || !/^(meta|ct) mark$/.test(fields.join()) || 'set' in right || right.elements.length > 1)
    return test;
  if (!['', '==', '!='].includes(comparison)) return test;
  const [element] = right.elements;
  const text = element?.key[0] ?? '';
  const range = text.includes('/') ? parseNumberPrefix(text, 32) : undefined;
  if (!element || !range) return test;
  const bits = 2 ** 32 - (range.last - range.first + 1);
  const elements = [{ ...element, key: [`${range.first}`] }];
  return { ...test, mask: `${bits}`, comparison: comparison || '==', right: { elements, braces: false } };
}
