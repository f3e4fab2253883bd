// Parses plans of the real Terraform as `review` does, prints them in short lines, and has changes of the stack that
// such tests plan.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile } from '../../../cli/plan-archive';
import { Plan } from '../../../lib/review/plan';
import { readPlan } from '../../../lib/review/plan/parse-plan';
import { inflate } from './plan-samples';
import { Edited, RealStack } from './real-terraform';

/** Returns one line for each owner, and the codes that not every plan has. */
export function said({ owners, otherResources, unknowns, objections }: Plan): readonly string[] {
  const where = (address: string): string => address.replace(/^edge(?:: )?/, '');
  return [
    ...owners.map(({ device, owner, action, before, mayRunNone, after, changedTriggers }) => {
      const was = [
        ...before.map(({ origin, text }) => `${origin} ${text.trim()}`),
        ...(mayRunNone ? ['nothing'] : []),
      ].join(' or ');
      const triggers = changedTriggers.length === 0 ? '' : ` (${changedTriggers.join(', ')})`;
      return `${device}/${owner} ${action}: ${was} -> ${after?.text.trim() ?? '-'}${triggers}`;
    }),
    ...otherResources.changed.map(({ address, actions }) => `foreign ${address} ${actions.join('+')}`),
    ...unknowns.map(({ code, where: at }) => `? ${code} ${where(at)}`),
    ...objections.map(({ code, where: at }) => `! ${code} ${where(at)}`),
  ].map((line) => line.trim());
}

/** Parses a plan with the stack that its plan file contains, as the command does. */
export async function reading(
  stack: RealStack,
  wanted: Edited | undefined,
  ...options: readonly string[]
): Promise<readonly string[]> {
  const json = stack.plan(wanted, ...options);
  const own = await extractFile(readFileSync(join(stack.folder, 'plan')), 'tfconfig/m-/cdk.tf.json', 'edge');
  return said(readPlan(json, 'edge', { inflate, stack: JSON.parse(own!.toString('utf8')) as unknown }));
}

export const two: Edited = { release: { text: 'two\n', lines: ['mapping web: two'] } };
export const gone = { none: true } as const;
export const web = [{ device: 'gw', owner: 'web' }];
