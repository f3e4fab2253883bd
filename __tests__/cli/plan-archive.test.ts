// Tests unpacking a plan file (zip): damaged and oversized archives are refused. Also the size limits of packed stacks
// and of JSON.

import { deflateRawSync, deflateSync } from 'node:zlib';
import { extractFile } from '../../cli/plan-archive';
import { createInflater } from '../../driver/synthesized-stack';
import { parseJson } from '../../lib/json/parse-json';
import { codesOf } from '../problems';

/** Creates an archive with one file, whose listed size is `says` bytes. */
function archive(content: Buffer, says = content.length): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(1, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(says, 24);
  central.writeUInt16LE(1, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + 1, 12);
  end.writeUInt32LE(local.length + 1 + packed.length, 16);
  return Buffer.concat([local, Buffer.from('f'), packed, central, Buffer.from('f'), end]);
}

const zeros = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1024 * 1024);

describe('unpacking a plan file before Terraform gets it', () => {
  const whole = archive(Buffer.from('plan'));
  it.each([
    ['one that says that it unpacks to 2 GiB', archive(Buffer.from('plan'), 2 ** 31), 'cli/plan-file-too-large'],
    ['one that unpacks to more than it says', archive(zeros(1), 1000), 'cli/plan-file-unreadable'],
    ['one that unpacks to less', archive(Buffer.from('plan'), 5), 'cli/plan-file-unreadable'],
    ['one that unpacks to 129 MiB', archive(zeros(129)), 'cli/plan-file-too-large'],
    ['no list of files', Buffer.from('PK\u0003\u0004'), 'cli/plan-file-unreadable'],
    ['one that is cut off', whole.subarray(0, -10), 'cli/plan-file-unreadable'],
    ['one without its first bytes', whole.subarray(20), 'cli/plan-file-unreadable'],
  ])('refuses %s', (_, bytes, code) =>
    expect(extractFile(bytes, 'f', 'x')).rejects.toMatchObject({ problems: [{ code, where: 'x' }] }),
  );

  it('returns one of its files', async () => {
    expect(String(await extractFile(whole, 'f', 'x'))).toBe('plan');
    expect(await extractFile(whole, 'g', 'x')).toBeUndefined();
  });
});

it("limits the size of all owners' work together", () => {
  const inflate = createInflater('stack');
  const [large, small] = [deflateSync(zeros(40)), deflateSync(zeros(1))];
  expect(inflate(large)).toHaveLength(40 * 1024 * 1024);
  expect(codesOf(() => inflate(large))).toEqual(['delivering/work-too-large']);
  expect(inflate(small)).toHaveLength(1024 * 1024);
  expect(() => inflate(Buffer.from('no zlib'))).toThrow(/incorrect header/);
});

it.each([
  ['values', `[${'0,'.repeat(2_500_001)}0]`, 'review/too-many-values'],
  ['levels', '['.repeat(600), 'review/not-readable'],
])('limits %s before the values are created', (_, text, code) =>
  expect(codesOf(() => parseJson(Buffer.from(text), 'x'))).toEqual([code]),
);
