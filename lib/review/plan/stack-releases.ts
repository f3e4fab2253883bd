// Finds the triggers of all releases in a synthesized stack (cdk.tf.json), with the values that Terraform gives them.

import { isRecord } from '../../agent-protocol/work-codec';
import { hasReleaseTriggers } from './recorded-release';
import { unescapeTemplate } from './unescape-templates';

/**
 * Returns the triggers of a stack's releases by their addresses, with the values that Terraform gives them. An owner
 * token stays an expression. Stacks from before 2026-11-24 have the triggers in the resource, as templates; others have
 * them in variables (constructs/internal/triggers.ts).
 */
export function listStackReleases(stack: unknown): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const resources = getSection(stack, 'resource');
  return new Map(
    ['null_resource', 'terraform_data'].flatMap((type) =>
      Object.entries(getSection(resources, type)).flatMap(
        ([name, resource]): [string, Readonly<Record<string, unknown>>][] => {
          const triggers = isRecord(resource) ? (resource['triggers'] ?? resource['triggers_replace']) : undefined;
          const evaluatedTriggers = hasReleaseTriggers(resource)
            ? unescapeTriggers(triggers as Record<string, unknown>)
            : findVariableTriggers(stack, name, triggers);
          return evaluatedTriggers === undefined ? [] : [[`${type}.${name}`, evaluatedTriggers]];
        },
      ),
    ),
  );
}

/** Returns the object under this name; an empty one for anything else. */
export const getSection = (parent: unknown, name: string): Readonly<Record<string, unknown>> => {
  const section = isRecord(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined;
  return isRecord(section) ? section : {};
};

function findVariableTriggers(
  stack: unknown,
  name: string,
  triggers: unknown,
): Readonly<Record<string, unknown>> | undefined {
  const tokenExpression = `terraform_data.${name}_holder.id`;
  const expectedExpression = `\${merge(var.${name}_lines, { lease = ${tokenExpression}, policy = var.${name}_policy, text = var.${name}_text })}`;
  const variables = getSection(stack, 'variable');
  if (triggers !== expectedExpression) return undefined;
  const [text, policy] = ['text', 'policy'].map((part) => getSection(variables, `${name}_${part}`)['default']);
  return {
    ...getSection(getSection(variables, `${name}_lines`), 'default'),
    lease: `\${${tokenExpression}}`,
    text,
    policy,
  };
}

const unescapeTriggers = (triggers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(triggers).map(([key, value]) => [
      unescapeTemplate(key),
      typeof value === 'string' ? evaluateText(value) : value,
    ]),
  );

const evaluateText = (value: string): string =>
  /^\$\{sensitive\("([^"]*)"\)\}$/.exec(value)?.[1] ?? unescapeTemplate(value);
