/** What a schema says of a value, as zod has it. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const TYPES: Readonly<Record<string, string>> = { string: 'text', record: 'object', array: 'list', boolean: 'true or false' };

/** `planned.version is not there`, `devices.0.port is no number`: the library's own words are about its types. Without a stop at the end. */
export function issueWords({ path, message }: Issue, at: readonly PropertyKey[] = []): string {
  const where = [...at, ...path].map(String).join('.');
  const [, expected = '', received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (received === undefined) return where === '' ? message : `${where}: ${message}`;
  const what = received === 'undefined' ? 'is not there' : `is no ${TYPES[expected] ?? expected}`;
  return `${where === '' ? 'it' : where} ${what}`;
}
