// Tests that the policy codec refuses odd text, each by its place, and that text with a random cut or change is
// refused or decoded to the same policy.

import { fc } from '../randomly';
import { decodePolicy, encodePolicy } from '../../lib/verifier/policy-codec';
import { Refusal } from '../../lib/problems/problem';
import { gateway } from './codec-policies';
import { problemsOf } from '../problems';

const good = encodePolicy(gateway);
const edited = (from: string | RegExp, to: string): string => {
  const text = good.replace(from, to);
  if (text === good) throw new Error(`${String(from)} is not in the text`);
  return text;
};

describe('odd text is refused', () => {
  const odd: readonly (readonly [name: string, text: string, where: string, what: string])[] = [
    ['not JSON', good.slice(0, -1), 'policy', 'it is not JSON'],
    ['empty', '', 'policy', 'it is not JSON'],
    ['null', 'null', 'policy', 'it is not an object'],
    ['a list', '[]', 'policy', 'it is not an object'],
    ['another format', edited('"format":1', '"format":2'), 'policy.format', 'its format is not 1'],
    ['more', edited('"format":1', '"format":1,"extra":1'), 'policy', 'it holds more than a policy'],
    [
      'another kind',
      edited('"kind":"gateway"', '"kind":"switch"'),
      'policy.policy.kind',
      'it is neither of a gateway nor of a server',
    ],
    [
      'a server with mappings',
      edited('"kind":"gateway"', '"kind":"server"'),
      'policy.policy',
      '"virtualIps" is not known',
    ],
    ['unknown key', edited('"device"', '"__proto__":{},"device"'), 'policy.policy', '"__proto__" is not known'],
    ['missing key', edited('"owner":"team",', ''), 'policy.policy', '"owner" is missing'],
    ['wrong type', edited('"device":"edge"', '"device":7'), 'policy.policy.device', 'it is not a text'],
    [
      'host bits',
      edited('"203.0.113.10"', '"203.0.113.10/24"'),
      'policy.policy.virtualIps[0].outside',
      'it is not a prefix',
    ],
    [
      'another spelling',
      edited('"203.0.113.10"', '"203.0.113.10/32"'),
      'policy',
      'it is not in the one form that is written',
    ],
    ['white space', good.replace(',', ', '), 'policy', 'it is not in the one form that is written'],
    [
      'a port too high',
      edited('"443"', '"65536"'),
      'policy.openings[1].entries[0].ports[1]',
      'it is not a number or a range of numbers up to 65535',
    ],
    [
      'ports reversed',
      edited('"443"', '"443-80"'),
      'policy.openings[1].entries[0].ports[1]',
      'it is not a number or a range of numbers up to 65535',
    ],
    [
      'protocol 256',
      edited('"protocol":6', '"protocol":256'),
      'policy.openings[1].entries[0].protocol',
      'it is not a whole number from 0 to 255',
    ],
    [
      'a row number out of range',
      edited('"openings":1', '"openings":2'),
      'policy.policy.mappings[0].openings',
      'it is not the number of a row that exists',
    ],
    [
      'a row with a point',
      edited('"openings":1', '"openings":0.5'),
      'policy.policy.mappings[0].openings',
      'it is not the number of a row that exists',
    ],
    [
      'a row that does not exist',
      edited('"openings":1', '"openings":0'),
      'policy',
      'it is not in the one form that is written',
    ],
    [
      'an unknown word',
      edited('"sources":"anywhere"', '"sources":"any"'),
      'policy.openings[1].entries[0].sources',
      'it is not a list',
    ],
    [
      'a default that is written out',
      edited('"openings":1', '"enabled":true,"openings":1'),
      'policy',
      'it is not in the one form that is written',
    ],
    [
      'range reversed',
      edited('"198.51.100.0/24"', '"198.51.100.9-198.51.100.1"'),
      'policy.openings[1].blocked[0]',
      'it is not a prefix or a range of addresses',
    ],
    [
      'rows that are no list',
      edited('"reflections":[{', '"reflections":{"x":[{').replace(/]}$/, ']}}'),
      'policy.reflections',
      'it is not a list',
    ],
  ];
  test.each(odd)('%s', (_, text, where, what) => {
    expect(problemsOf(() => decodePolicy(text))).toEqual([
      {
        code: 'policy/odd-text',
        where,
        what: `This is not a policy that this version wrote: ${what}.`,
        instead: 'The text as a release carries it, unchanged, and the version of cpanel-edge that made the release.',
      },
    ]);
  });

  test('a text with a random cut or change is refused or decoded to the same policy', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 2 }), (place, put) => {
        const text = good.slice(0, place) + put + good.slice(place + put.length);
        try {
          expect(encodePolicy(decodePolicy(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 300 },
    );
  });
});
