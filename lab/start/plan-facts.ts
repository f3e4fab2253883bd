// Collects the facts about the stack `lab` before its deployment, for the report of `npm start`: plan, review,
// exposure, mappings.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printPrefix, toRange } from '../../lib/net/address';
import { getLocalAddresses } from '../../lib/net/device';
import { contains } from '../../lib/net/range';
import { Verification } from '../../lib/verifier/verify-policy';
import { Review } from '../../lib/review/review';
import { ExposureReport } from '../../lib/exposure/report/exposure-report-types';
import { synthesizedProofs } from '../verified-releases';
import { exposureOf, reviewOfPlan } from './report';
import { MappingShown } from './summary';

/** The facts about a stack before its deployment. */
export interface Told {
  readonly proofs: readonly Verification[];
  readonly exposure: ExposureReport;
  readonly mappings: readonly MappingShown[];
  /** `plan: 4 to add, 0 to change, 0 to destroy`; empty without a plan. */
  readonly planned: string;
  readonly review?: Review;
}

interface PlanMade {
  /** Output of `terraform show -json`. */
  readonly json: unknown;
  readonly proofs: readonly Verification[];
  /** Output of `terraform plan`. */
  readonly text: string;
}

export function toldOf(stackFolder: string, plan?: PlanMade): Told {
  const proofs = plan?.proofs ?? synthesizedProofs(JSON.parse(readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8')));
  const counted = /^Plan: (.*)\.$/m.exec(plan?.text ?? '')?.[1];
  return {
    proofs,
    exposure: exposureOf(stackFolder),
    mappings: mappingsOf(proofs),
    planned: plan ? `plan: ${counted ?? 'nothing changes'}` : '',
    ...(plan ? { review: reviewOfPlan(plan.json, stackFolder) } : {}),
  };
}

function mappingsOf(proofs: readonly Verification[]): readonly MappingShown[] {
  return proofs.flatMap(({ policy }) => {
    if (policy.kind !== 'gateway') return [];
    return policy.mappings
      .filter(({ enabled }) => enabled)
      .map(({ external, internal }) => ({
        external: printPrefix(external),
        internal: printPrefix(internal),
        gateway: policy.device,
        server:
          proofs.find(
            (one) =>
              one.policy.kind === 'server' &&
              getLocalAddresses(one.device).some((own) => contains(toRange(internal), own)),
          )?.policy.device ?? '',
      }));
  });
}
