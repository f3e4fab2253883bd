/** Returns text of a configuration as Terraform evaluates it: only there `$${` and `%%{` stand for `${` and `%{`. */
export const unescapeTemplate = (text: string): string => text.split('$${').join('${').split('%%{').join('%{');

/** Returns the value with every key and text unescaped. */
export function unescapeTemplates(value: unknown): unknown {
  if (typeof value === 'string') return unescapeTemplate(value);
  if (Array.isArray(value)) return value.map(unescapeTemplates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [unescapeTemplate(key), unescapeTemplates(item)]),
  );
}
