// Parses the numbers that nftables rules compare with: single ones, ranges, names, and numbers with a prefix length
// (`0x10/28`), the form in which nft lists masked marks.

import { NumberRange } from '../../../net/device';
import { parseInteger } from '../../../parse/netfilter/parse-integers';
import { PacketField } from '../../../evaluator/packet-fields';
import { FieldValue } from '../../../evaluator/ruleset-model';
import { parseNumberRange, parseValue } from '../../../parse/netfilter/parse-values';
import { NftTest } from './syntax-tree';

/**
 * Returns the numbers with a prefix: `0x10/28` of 32 bits. Bits behind the prefix are masked away. nft lists a masked
 * mark in this form. Source: nft 1.0.6.
 */
function parseNumberPrefix(text: string, width: number): NumberRange | undefined {
  const [, number = '', length = ''] = /^(0x[0-9a-f]+|\d+)\/(\d{1,2})$/i.exec(text) ?? [];
  const value = parseInteger(number);
  const freeBits = width - Number(length);
  if (value === undefined || freeBits < 0 || value >= 2 ** width) return undefined;
  const first = value - (value % 2 ** freeBits);
  return { first, last: first + 2 ** freeBits - 1 };
}

/** Parses `22`, `22-25`, `1024/6`, `ssh`. */
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

/**
 * Returns the value that a field is compared with. For a mark beside other fields nft 1.0.6 loads other bits than are
 * written, and lists the loaded ones.
 */
export function parseFieldValue(field: PacketField, text: string, isAlone: boolean): FieldValue | undefined {
  if (field.looksAt.is === 'unmodelled' && text !== '*') return { is: 'name', name: text, isPrefix: false };
  const width = isAlone || field.looksAt.is === 'number' ? getFieldWidth(field) : undefined;
  const range = width === undefined || !text.includes('/') ? undefined : parseNumberPrefix(text, width);
  return range ? { is: 'numbers', range } : parseValue(field, text);
}

/** Returns a test for the first bits of a mark as a masked test. The other bits needn't be known. */
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
