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

/** Every object of `prior_state`, child modules included. None where nothing was applied yet. Throws Refusal review/not-a-plan. */
export function listStateObjects(priorState: unknown, name: string): readonly StateObject[] {
  if (priorState === undefined || priorState === null) return [];
  const { values } = parseWithSchema(stateRootSchema, priorState, name, ['prior_state']);
  const objects: StateObject[] = [];
  // Not by recursion: how deep it goes is the input's choice.
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

/** What the configuration says of one resource, of every module, by address without indices. */
export interface ConfiguredResource {
  readonly provisioners: readonly unknown[];
}

/**
 * The resources of `configuration`. It is JSON of other people's making as deep as they like, and only ours is looked at: what has
 * another shape is left out, and what is missing then is a doubt of its own.
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
