// Tests the JSON parser for untrusted bytes: encodings and byte order marks that it accepts, and the refusal of each
// other text with its reason.

import { parseJson } from '../../lib/json/parse-json';
import { Refusal } from '../../lib/problems/problem';

const refused = (bytes: Uint8Array | string, instead?: string): readonly [string, string] => {
  try {
    parseJson(
      typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
      'x.json',
      instead === undefined ? undefined : () => instead,
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.problems[0]!.what, error.problems[0]!.instead];
  }
  throw new Error('It was taken.');
};

test('what is JSON is taken, with blanks or a byte order mark before it', () => {
  for (const [text, value] of [
    ['{"a":[1]}', { a: [1] }],
    [' \n[]', []],
    ['\uFEFF"a"', 'a'],
    ['-1', -1],
    ['null', null],
  ] as const)
    expect(parseJson(new TextEncoder().encode(text), 'x.json')).toEqual(value);
});

test('what PowerShell writes by ">" is taken: UTF-16, which begins by saying so', () => {
  const le = Buffer.from('\uFEFF{"a":"\u00e9"}\r\n', 'utf16le');
  for (const bytes of [le, Buffer.from(le).swap16()]) expect(parseJson(bytes, 'x.json')).toEqual({ a: '\u00e9' });
  expect(refused(Buffer.from('\uFEFF{"a":', 'utf16le'))[0]).toBe('It is cut off: it ends in the middle of a value.');
});

test('what is no JSON at all is not called cut off', () => {
  const no = 'It is not JSON.';
  for (const [text, what] of [
    ['', 'It is empty.'],
    ['Error: {"a": [', no],
    ['\u0000\u0001{[{"', no],
    ['nothing', no],
    ['{"a":1', 'It is cut off: it ends in the middle of a value.'],
    ['{"a":"', 'It is cut off: it ends in the middle of a value.'],
    ['{"a":1,}', 'It is not JSON, or not all of it.'],
    ['{"a":1}\nb\n', 'It is not JSON, or not all of it.'],
    [
      '{"@level":"info"}\n{"@level":"info"}\n',
      'It is a JSON on each line, as terraform plan -json prints what it does.',
    ],
  ] as const)
    expect(refused(text)[0]).toBe(what);
  expect(refused(new Uint8Array([0x22, 0xc3, 0x28, 0x22]))[0]).toBe('It is not UTF-8.');
  expect(refused(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x7b]))[0]).toBe(no);
});

test('what to do instead is of what was wanted', () => {
  expect(refused('nothing')[1]).toMatch(/^terraform show -json/);
  expect(refused('nothing', 'ask again.')[1]).toBe('ask again.');
});
