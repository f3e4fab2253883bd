import { z } from 'zod';
import { isRecord } from '../../agent-protocol/codec';
import { named, parsed } from './shape';

const resource = z.object({
  address: z.string(),
  ...named,
  values: z.unknown().optional(),
  tainted: z.boolean().optional(),
  deposed_key: z.string().optional(),
});

/** One object that Terraform has recorded before the plan. */
export type StateObject = z.infer<typeof resource> & { readonly module: string };

const place = z.object({ values: z.object({ root_module: z.unknown().optional() }).optional() });
const stateModule = z.object({
  address: z.string().optional(),
  resources: z.array(resource).optional(),
  child_modules: z.array(z.unknown()).optional(),
});

/** Every object of `prior_state`, child modules included. None where nothing was applied yet. Throws Refusal review/not-a-plan. */
export function stateObjects(priorState: unknown, name: string): readonly StateObject[] {
  if (priorState === undefined || priorState === null) return [];
  const { values } = parsed(place, priorState, name, ['prior_state']);
  const found: StateObject[] = [];
  // Not by recursion: how deep it goes is the input's choice.
  const waiting: unknown[] = values?.root_module === undefined ? [] : [values.root_module];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const {
      address = '',
      resources = [],
      child_modules: children = [],
    } = parsed(stateModule, next, name, ['prior_state', 'values', 'module']);
    for (const one of resources) found.push({ ...one, module: address });
    for (const child of children) waiting.push(child);
  }
  return found;
}

/** What the configuration says of one resource, of every module, by address without indices. */
export interface Configured {
  readonly provisioners: readonly unknown[];
}

/**
 * The resources of `configuration`. It is JSON of other people's making as deep as they like, and only ours is looked at: what has
 * another shape is left out, and what is missing then is a doubt of its own.
 */
export function configuredResources(configuration: unknown): ReadonlyMap<string, Configured> {
  const found = new Map<string, Configured>();
  const root = isRecord(configuration) ? configuration['root_module'] : undefined;
  const waiting: { readonly at: string; readonly module: unknown }[] = [{ at: '', module: root }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, module: one } = next;
    if (!isRecord(one)) continue;
    for (const entry of Array.isArray(one['resources']) ? (one['resources'] as readonly unknown[]) : []) {
      if (!isRecord(entry) || typeof entry['address'] !== 'string') continue;
      const provisioners = Array.isArray(entry['provisioners']) ? (entry['provisioners'] as readonly unknown[]) : [];
      found.set(`${at}${entry['address']}`, { provisioners });
    }
    for (const [call, called] of Object.entries(isRecord(one['module_calls']) ? one['module_calls'] : {})) {
      if (isRecord(called)) waiting.push({ at: `${at}module.${call}.`, module: called['module'] });
    }
  }
  return found;
}
