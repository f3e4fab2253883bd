/**
 * Escapes `${` and `%{`: Terraform reads them as templates in every string and key. Only emit-delivery.ts calls this.
 */
export const escapeTemplate = (text: string): string => text.split('${').join('$${').split('%{').join('%%{');

export function escapeTemplates(value: unknown): unknown {
  if (typeof value === 'string') return escapeTemplate(value);
  if (Array.isArray(value)) return value.map(escapeTemplates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [escapeTemplate(key), escapeTemplates(item)]));
}
