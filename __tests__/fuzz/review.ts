// Fuzz target: changed plans for `review`, which must not judge them milder.

import { inflateSync } from 'node:zlib';
import { escapeForDisplay } from '../../lib/problems/problem';
import { createReview } from '../../lib/review/judging/create-review';
import { Plan } from '../../lib/review/plan';
import { parseJson } from '../../lib/json/parse-json';
import { readPlan } from '../../lib/review/plan/parse-plan';
import { printMarkdown } from '../../lib/review/print/review-markdown';
import { printText } from '../../lib/review/print/review-text';
import { oddText, oddly } from './json';
import { Fuzz } from './random';
import { wrongEnd, wrongProblems, wrongText } from './judge-ending';
import { PlanBuilder, data, held, retiring } from '../review/plan/plan-builder';
import { sampleRelease } from '../review/plan/sample-stack';

/** Plans with faults: decoded as a whole or refused; and a review is never milder than the delivery. */
export function plans(): Fuzz {
  const release = sampleRelease();
  const { text, policy, device, owner } = release;
  const base = `${device}_${owner}`;
  const [holder, address] = [`terraform_data.${base}_holder`, `terraform_data.${base}`];
  const [values, before] = [held({ device, owner }), data({ policy, text: text.replace('443', '80') })];
  const delivered = (): PlanBuilder => new PlanBuilder().kept(holder, ['no-op'], values, values).ours(release, base);
  const all = [
    new PlanBuilder()
      .change(holder, ['create'], null, values)
      .change(address, ['create'], null, data({ text, policy }))
      .ours(release, base),
    delivered().kept(address, ['create', 'delete'], before, data({ text, policy })),
    delivered()
      .kept(address, ['create', 'delete'], before, data({ text, policy }), { tainted: true })
      .kept(address, ['delete'], data({ text, policy }), null, { deposed: 'aa' }),
  ].map((plan) => plan.json());
  const gone = new PlanBuilder().kept(holder, ['delete'], values, null).kept(address, ['delete'], before, null).json();
  const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes, { maxOutputLength: 1e8 });

  return (random) => {
    const going = random.once(4);
    const input = JSON.stringify(oddly(going ? gone : random.oneOf(all), random)) ?? '';
    const bytes = Buffer.from(random.once(10) ? oddText(input, random) : input);
    const stack = JSON.parse(JSON.stringify(oddly(retiring(holder), random)) ?? 'null') as unknown;
    let plan: Plan;
    try {
      plan = readPlan(parseJson(bytes, 'plan'), 'plan', { inflate, ...(going ? { stack } : {}) });
    } catch (error) {
      return { input, wrong: wrongEnd(error) };
    }
    return { input, wrong: wrongPlan(plan, text) ?? (random.once(20) ? wrongReview(plan) : undefined) };
  };
}

function wrongPlan({ owners, unknowns, objections, otherResources }: Plan, text: string): string | undefined {
  const problems = [...unknowns, ...objections];
  const other = owners.find(
    ({ action, after }) => (action === 'first' || action === 'changed' || action === 'program') && after?.text !== text,
  );
  if (other && problems.length === 0) return `calmly delivers ${JSON.stringify(other.after?.text.slice(0, 100))}`;
  if (owners.length === 0 && problems.length === 0 && otherResources.changed.length + otherResources.unchanged === 0)
    return 'lost everything without a word';
  return problems.length === 0 ? undefined : wrongProblems(problems);
}

function wrongReview(plan: Plan): string | undefined {
  try {
    const review = createReview([plan], { today: '2027-01-01' });
    return wrongText(printText(review)) ?? (printMarkdown(review).length > 65_000 ? 'is too long' : undefined);
  } catch (error) {
    return escapeForDisplay(`reviewing threw ${error instanceof Error ? (error.stack ?? '') : ''}`);
  }
}
