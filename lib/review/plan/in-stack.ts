import { isRecord } from '../../agent-protocol/codec';
import { isRelease } from './recorded';
import { unescapeTemplate } from './templates';

/**
 * The triggers of a stack's releases by their addresses, as Terraform reads them; a lease stays an expression. Stacks of before 2026-11-24 have
 * them in the resource, as templates, others in variables (constructs/internal/triggers.ts).
 */
export function releasesInStack(stack: unknown): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const resources = sectionOf(stack, 'resource');
  return new Map(
    ['null_resource', 'terraform_data'].flatMap((type) =>
      Object.entries(sectionOf(resources, type)).flatMap(
        ([name, one]): [string, Readonly<Record<string, unknown>>][] => {
          const triggers = isRecord(one) ? (one['triggers'] ?? one['triggers_replace']) : undefined;
          const read = isRelease(one)
            ? ofTemplates(triggers as Record<string, unknown>)
            : ofVariables(stack, name, triggers);
          return read === undefined ? [] : [[`${type}.${name}`, read]];
        },
      ),
    ),
  );
}

/** What is an object there under that name; empty for anything else. */
export const sectionOf = (of: unknown, name: string): Readonly<Record<string, unknown>> => {
  const section = isRecord(of) && Object.hasOwn(of, name) ? of[name] : undefined;
  return isRecord(section) ? section : {};
};

function ofVariables(stack: unknown, name: string, triggers: unknown): Readonly<Record<string, unknown>> | undefined {
  const lease = `terraform_data.${name}_holder.id`;
  const merged = `\${merge(var.${name}_lines, { lease = ${lease}, policy = var.${name}_policy, text = var.${name}_text })}`;
  const variables = sectionOf(stack, 'variable');
  if (triggers !== merged) return undefined;
  const [text, policy] = ['text', 'policy'].map((part) => sectionOf(variables, `${name}_${part}`)['default']);
  return { ...sectionOf(sectionOf(variables, `${name}_lines`), 'default'), lease: `\${${lease}}`, text, policy };
}

const ofTemplates = (triggers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(triggers).map(([key, value]) => [
      unescapeTemplate(key),
      typeof value === 'string' ? evaluated(value) : value,
    ]),
  );

const evaluated = (value: string): string =>
  /^\$\{sensitive\("([^"]*)"\)\}$/.exec(value)?.[1] ?? unescapeTemplate(value);
