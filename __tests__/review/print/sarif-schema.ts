// Returns what is wrong in a SARIF text by the published schema of OASIS.

import Ajv from 'ajv';

/** Published by OASIS, as schemastore has it; converted to a newer draft with the same meaning, which ajv supports. */
const published = (): object => {
  const { $schema, id, ...schema } = jest.requireActual<Record<string, unknown>>(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  expect([$schema, id]).toEqual(['http://json-schema.org/draft-04/schema#', expect.stringContaining('sarif-2.1.0')]);
  return schema;
};
const formats = { uri: /^[a-z][a-z0-9+.-]*:/i, 'uri-reference': /^[^\s<>"{}|\\^`]+$/, 'date-time': true } as const;
const validate = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, formats }).compile(published());

/** Returns the errors of the schema. */
export function wrongIn(text: string): readonly unknown[] {
  validate(JSON.parse(text));
  return validate.errors ?? [];
}
