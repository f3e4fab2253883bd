/** What a schema says of a value, as zod has it. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const IS_NONE: Readonly<Record<string, string>> = {
  string: 'is no text',
  record: 'is no object',
  array: 'is no list',
  boolean: 'is neither true nor false',
};

/** `planned.version is not there`, `devices.0.port is no number`: the library's own words are about its types. Without a stop at the end. */
export function issueWords({ path, message }: Issue, at: readonly PropertyKey[] = []): string {
  const where = [...at, ...path].map(String).join('.');
  const [, expected = '', received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (received === undefined) return where === '' ? message : `${where}: ${message}`;
  const what = received === 'undefined' ? 'is not there' : (IS_NONE[expected] ?? `is no ${expected}`);
  return `${where === '' ? 'it' : where} ${what}`;
}
