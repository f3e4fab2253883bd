// Tests the encoding of a release and its connection in environment variables: it comes back as it was, and missing,
// cut, mixed or oversized pieces are refused.

import { deflateSync, inflateSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { decodeWork, encodeWork, PIECE_CHARACTERS, MAX_WORK_CHARACTERS } from '../../lib/agent-protocol/work-codec';
import { Connection, DeliveryWork } from '../../lib/agent-protocol/release';
import { connectionOf, workOf } from './samples';
import { codesOf } from '../problems';

const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes);
const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes, { maxOutputLength: 64 * 1024 * 1024 });

/** Returns text that doesn't compress. */
const noise = (characters: number): string => randomBytes(characters / 2).toString('hex');

describe('work in environment variables', () => {
  const work: DeliveryWork = workOf({ text: 'table inet cpanel_edge_web\n# "${x}" ü \u{1f600}\n' });

  test.each([0, 1, 2, 3, 4, 5])('is decoded unchanged, whatever the remainder of its length (%i)', (more) => {
    const padded = workOf({ text: 'x'.repeat(more) + work.release.text });
    expect(decodeWork(encodeWork(padded, deflate), inflate)).toEqual(padded);
  });

  test('is split into pieces that fit the environment of a process', () => {
    const large = workOf({ text: noise(600_000) });
    const environment = encodeWork(large, deflate);
    expect(Object.keys(environment).length).toBeGreaterThan(2);
    for (const [name, value] of Object.entries(environment)) {
      expect(`${name}=${value}`.length).toBeLessThan(128 * 1024);
      expect(value.length).toBeLessThanOrEqual(PIECE_CHARACTERS + 8);
    }
    expect(decodeWork(environment, inflate)).toEqual(large);
  });

  test('is refused with advice if it is larger than an environment holds', () => {
    expect(codesOf(() => encodeWork(workOf({ text: noise(MAX_WORK_CHARACTERS * 2) }), deflate))).toEqual([
      'delivering/too-much-work',
    ]);
  });

  test('missing, cut, mixed pieces and another format are refused with a code each', () => {
    const environment = encodeWork(workOf({ text: noise(400_000) }), deflate);
    const { CPANEL_EDGE_WORK_1: second = '', ...withoutSecond } = environment;
    expect(codesOf(() => decodeWork({}, inflate))).toEqual(['delivering/no-work']);
    expect(codesOf(() => decodeWork(withoutSecond, inflate))).toEqual(['delivering/work-incomplete']);
    expect(codesOf(() => decodeWork({ ...environment, CPANEL_EDGE_WORK_1: `9${second}` }, inflate))).toEqual([
      'delivering/work-incomplete',
    ]);
    expect(codesOf(() => decodeWork({ ...environment, CPANEL_EDGE_WORK_1: second.slice(0, -4) }, inflate))).toEqual([
      'delivering/work-unreadable',
    ]);
    expect(codesOf(() => decodeWork({ CPANEL_EDGE_WORK_0: '1:%%%%' }, inflate))).toEqual([
      'delivering/work-unreadable',
    ]);
    const foreign = encodeWork({ ...work, format: 2 } as unknown as DeliveryWork, deflate);
    expect(codesOf(() => decodeWork(foreign, inflate))).toEqual(['delivering/foreign-format']);
    const empty = encodeWork({ format: 1 } as unknown as DeliveryWork, deflate);
    expect(codesOf(() => decodeWork(empty, inflate))).toEqual(['delivering/work-unreadable']);
  });

  test('is refused if its jump hosts are nested without end', () => {
    const jumps = (count: number): DeliveryWork => {
      let connection: Connection = connectionOf();
      for (let i = 0; i < count; i++) connection = connectionOf({ jump: connection });
      return { ...work, connection };
    };
    expect(codesOf(() => decodeWork(encodeWork(jumps(8), deflate), inflate))).toEqual([]);
    // Written as text, because JSON.stringify would exceed the call stack.
    const [before = '', after = ''] = JSON.stringify({ ...jumps(0), connection: 'HERE' }).split('"HERE"');
    const one = JSON.stringify(connectionOf()).slice(0, -1);
    const deep = `${before}${`${one},"jump":`.repeat(4000)}${one}}${'}'.repeat(4000)}${after}`;
    const CPANEL_EDGE_WORK_0 = `1:${deflateSync(deep).toString('base64')}`;
    expect(codesOf(() => decodeWork({ CPANEL_EDGE_WORK_0 }, inflate))).toEqual(['delivering/work-unreadable']);
  });

  test.each<[string, object]>([
    ['owned prefixes of another shape', { claims: { outside: '203.0.113.10', inside: [] } }],
    ['an invalid address', { addresses: [{ kind: 'alias' }] }],
    ["a line that isn't text", { lines: [1] }],
    [
      'a health check without a port',
      { witnesses: [{ arrives: 'wan0', from: '192.0.2.1', to: '203.0.113.10', protocol: 'tcp' }] },
    ],
    ['an invalid role', { role: 'gateway\nowner else' }],
    ['invalid seconds', { rollbackSeconds: 1.5 }],
  ])('is refused for a release with %s', (_, parts) => {
    expect(codesOf(() => decodeWork(encodeWork(workOf(parts), deflate), inflate))).toEqual([
      'delivering/work-unreadable',
    ]);
  });
});
