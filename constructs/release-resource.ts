// Checks the value of `releaseResource`, the Terraform resource that carries a release: `null_resource` or
// `terraform_data`.
import { deviceConstructSchema } from '../lib/intent/intent-schemas';
import { getChoices } from '../lib/intent/schema-fields';
import { Problem } from '../lib/problems/problem';
import type { ReleaseResource } from './internal/emit-delivery';

export const isReleaseResource = (value: unknown): value is ReleaseResource =>
  getChoices(deviceConstructSchema.shape.releaseResource).some((knownResource) => knownResource === value);

export const createNoReleaseResource = (where: string): Problem => ({
  code: 'constructs/release-resource',
  where,
  what: 'releaseResource names no resource that can carry a release.',
  instead: "'null_resource', or 'terraform_data' where no provider registry is reached.",
});
