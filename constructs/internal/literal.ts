/** Terraform reads `${` and `%{` as templates in every string, keys included. Nobody but emit-delivery.ts escapes them. */
export const literal = (text: string): string => text.split('${').join('$${').split('%{').join('%%{');

export function literals(value: unknown): unknown {
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return value.map(literals);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [literal(key), literals(each)]));
}
