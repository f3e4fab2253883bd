// Describes an error of zod's validation in words for users: `devices.0.port is no number`. For plans of Terraform and
// answers of `verify --json`.

/** A schema's complaint about a value, in the form of zod. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const WRONG_TYPE_TEXTS: Readonly<Record<string, string>> = {
  string: 'is no text',
  record: 'is no object',
  array: 'is no list',
  boolean: 'is neither true nor false',
};

/**
 * Describes an issue: `planned.version is not there`, `devices.0.port is no number`. The library's own words are about
 * its types. There is no full stop at the end.
 */
export function describeIssue({ path, message }: SchemaIssue, parentPath: readonly PropertyKey[] = []): string {
  const where = [...parentPath, ...path].map(String).join('.');
  const [, expected = '', received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (received === undefined) return where === '' ? message : `${where}: ${message}`;
  const difference = received === 'undefined' ? 'is not there' : (WRONG_TYPE_TEXTS[expected] ?? `is no ${expected}`);
  return `${where === '' ? 'it' : where} ${difference}`;
}
