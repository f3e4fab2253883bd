import { isRecord } from '../../delivering/codec';
import { PlanJson } from './shape';

/**
 * `OpenTofu 1.10.6`. Both programs call their version by the one name: what tells them apart is what Terraform alone says (`applyable`, from 1.8 on;
 * OpenTofu 1.6 to 1.12 doesn't), and whose registry a provider came from that names none. Where neither speaks, or both do, it may be either.
 */
export function madeBy({ terraform_version: version, applyable, configuration }: PlanJson): string {
  const isTerraform = applyable !== undefined;
  const isTofu = providersOf(configuration).some((name) => name.startsWith('registry.opentofu.org/'));
  const program = isTerraform === isTofu ? 'Terraform or OpenTofu' : isTofu ? 'OpenTofu' : 'Terraform';
  return `${program} ${version}`;
}

function providersOf(configuration: unknown): readonly string[] {
  const providers = isRecord(configuration) && isRecord(configuration['provider_config']) ? configuration['provider_config'] : {};
  return Object.values(providers).flatMap((one) => (isRecord(one) && typeof one['full_name'] === 'string' ? [one['full_name']] : []));
}
