import { Connection, Release } from '../../lib/agent-protocol/release';
import { parseReleaseLines } from '../../lib/agent-protocol/release-lines';

/** What a plan shows of a release, and by what Terraform tells it from the one before. */
export interface Triggers {
  readonly expression: string;
  readonly variables: Readonly<Record<string, object>>;
}

/**
 * In variables, because Terraform takes their defaults as they are written. In a resource it reads each key and each value as a template, several
 * times: with 10,000 mappings a first plan takes six times as long, one of a change three times. Locals are no better.
 */
export function createTriggers(name: string, release: Release, { hostKeys }: Connection): Triggers {
  const readable = { ...parseReleaseLines(release), 'host keys': [...hostKeys].sort().join(', ') };
  // The plan hides text and policy and its JSON shows them, before and after: what a review proves again. Not compressed: the bytes of
  // gzip differ between builds of zlib, and a runner's update would plan a change.
  return {
    expression: `\${merge(var.${name}_lines, { lease = terraform_data.${name}_holder.id, policy = var.${name}_policy, text = var.${name}_text })}`,
    variables: {
      [`${name}_lines`]: { ...FIXED_VARIABLE, default: readable },
      [`${name}_policy`]: { ...FIXED_VARIABLE, ...HIDDEN_VARIABLE, default: encodeBase64(release.policy) },
      [`${name}_text`]: { ...FIXED_VARIABLE, ...HIDDEN_VARIABLE, default: encodeBase64(release.text) },
    },
  };
}

const FIXED_VARIABLE = { description: 'cpanel-edge writes it; it is not to be set.' };
const HIDDEN_VARIABLE = { type: 'string', sensitive: true };

const encodeBase64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
