// Lists the objects in `prior_state` of a Terraform plan, and the resources in `configuration` with the provisioners of
// each.

import { z } from 'zod';
import { isRecord } from '../../agent-protocol/work-codec';
import { resourceNameShape, parseWithSchema } from './plan-schema';

const resourceSchema = z.object({
  address: z.string(),
  ...resourceNameShape,
  values: z.unknown().optional(),
  tainted: z.boolean().optional(),
  deposed_key: z.string().optional(),
});

/** One object that Terraform has recorded before the plan. */
export type StateObject = z.infer<typeof resourceSchema> & { readonly module: string };

const stateRootSchema = z.object({ values: z.object({ root_module: z.unknown().optional() }).optional() });
const moduleSchema = z.object({
  address: z.string().optional(),
  resources: z.array(resourceSchema).optional(),
  child_modules: z.array(z.unknown()).optional(),
});

/**
 * Returns every object of `prior_state`, child modules included. The list is empty where nothing was applied yet.
 *
 * @throws Refusal review/not-a-plan
 */
export function listStateObjects(priorState: unknown, name: string): readonly StateObject[] {
  if (priorState === undefined || priorState === null) return [];
  const { values } = parseWithSchema(stateRootSchema, priorState, name, ['prior_state']);
  const objects: StateObject[] = [];
  // The loop replaces recursion, because the input decides how deep the modules go.
  const pendingModules: unknown[] = values?.root_module === undefined ? [] : [values.root_module];
  for (let module = pendingModules.pop(); module !== undefined; module = pendingModules.pop()) {
    const {
      address = '',
      resources = [],
      child_modules: children = [],
    } = parseWithSchema(moduleSchema, module, name, ['prior_state', 'values', 'module']);
    for (const resource of resources) objects.push({ ...resource, module: address });
    for (const child of children) pendingModules.push(child);
  }
  return objects;
}

/** The configuration of one resource of any module. Its address has no indices. */
export interface ConfiguredResource {
  readonly provisioners: readonly unknown[];
}

/**
 * Returns the resources of `configuration`. Others may write this JSON, at any depth, and only ours is looked at. A
 * part of another shape is left out; a resource that is missing then is a doubt of its own.
 */
export function listConfiguredResources(configuration: unknown): ReadonlyMap<string, ConfiguredResource> {
  const resources = new Map<string, ConfiguredResource>();
  const root = isRecord(configuration) ? configuration['root_module'] : undefined;
  const pendingModules: { readonly at: string; readonly module: unknown }[] = [{ at: '', module: root }];
  for (let pendingModule = pendingModules.pop(); pendingModule !== undefined; pendingModule = pendingModules.pop()) {
    const { at: modulePath, module: moduleJson } = pendingModule;
    if (!isRecord(moduleJson)) continue;
    for (const entry of Array.isArray(moduleJson['resources']) ? (moduleJson['resources'] as readonly unknown[]) : []) {
      if (!isRecord(entry) || typeof entry['address'] !== 'string') continue;
      const provisioners = Array.isArray(entry['provisioners']) ? (entry['provisioners'] as readonly unknown[]) : [];
      resources.set(`${modulePath}${entry['address']}`, { provisioners });
    }
    for (const [callName, moduleCall] of Object.entries(
      isRecord(moduleJson['module_calls']) ? moduleJson['module_calls'] : {},
    )) {
      if (isRecord(moduleCall))
        pendingModules.push({ at: `${modulePath}module.${callName}.`, module: moduleCall['module'] });
    }
  }
  return resources;
}
