// Tests that the published JSON schema of a review is the generated one, accepts each printed review, and refuses any
// property too many or too few.

import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { printJson } from '../../../lib/review/print/review-json';
import { Review, createReviewSchema } from '../../../lib/review/review';
import * as samples from './samples';
import { expectGolden } from '../../support';

const validate = new Ajv({ strict: true, allErrors: true }).compile(createReviewSchema());

type Tree = { [key: string]: unknown };

/** Returns every object in a JSON value, by path. */
function* objectsIn(value: unknown, path = ''): Generator<readonly [string, Tree]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Tree];
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, `${path}/${key}`);
}

const copyOf = (review: Review): Tree => JSON.parse(printJson(review)) as Tree;
const objectAt = (tree: Tree, path: string): Tree => [...objectsIn(tree)].find(([at]) => at === path)![1];

it('the published schema is the one that is generated', () => {
  expectGolden(
    `${JSON.stringify(createReviewSchema(), null, 2)}\n`,
    join(__dirname, '../../../docs/reference/schemas/review-2.json'),
  );
});

it('describes every property and allows no others', () => {
  for (const [path, schema] of objectsIn(createReviewSchema())) {
    if (schema['type'] === 'object') expect([path, schema['additionalProperties']]).toEqual([path, false]);
    const properties = (schema['type'] === 'object' ? schema['properties'] : {}) as Record<string, Tree>;
    for (const [name, property] of Object.entries(properties))
      expect([path, name, typeof property['description']]).toEqual([path, name, 'string']);
  }
});

it.each(Object.entries(samples))('%s is valid by the schema', (_, review) => {
  validate(JSON.parse(printJson(review)));
  expect(validate.errors ?? []).toEqual([]);
});

describe('one property too many or too few is refused', () => {
  // A review with every optional property.
  const full = samples.mistake;
  const optional = [
    'hostBefore',
    'hostAfter',
    'gatewayBefore',
    'gatewayAfter',
    'acknowledged',
    'rules',
    'subject',
    'existedBefore',
    'sourceLine',
  ];
  it.each([...objectsIn(copyOf(full))].map(([path]) => path))('"%s"', (path) => {
    const more = copyOf(full);
    objectAt(more, path)['surplus'] = 1;
    expect(validate(more)).toBe(false);
    for (const name of Object.keys(objectAt(copyOf(full), path))) {
      const fewer = copyOf(full);
      delete objectAt(fewer, path)[name];
      expect([name, validate(fewer)]).toEqual([name, optional.includes(name)]);
    }
  });
});

it('has the keys of every object in the order of the schema, whatever the order of the review', () => {
  const turned = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(turned)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, inner]) => [key, turned(inner)]),
          )
        : value;
  expect(printJson(turned(samples.mistake) as Review)).toBe(printJson(samples.mistake));
  expect(Object.keys(copyOf(samples.mistake))).toEqual(
    Object.keys((createReviewSchema() as { properties: object }).properties),
  );
});

it('writes invisible and direction-changing characters as escapes with the same meaning', () => {
  const hidden = 'a\u202eb\u2028c\ud800d\u0007e\u{e0041}f\u00adg\u009bh';
  const text = printJson({ ...samples.quiet, headline: hidden });
  expect(text).toContain('a\\u202eb\\u2028c\\ud800d\\u0007e\\udb40\\udc41f\\u00adg\\u009bh');
  expect((JSON.parse(text) as Review).headline).toBe(hidden);
});
