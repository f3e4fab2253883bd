// Creates the Terraform variables with the readable part of a release, which a plan shows as triggers.

import { Connection, Release } from '../../lib/agent-protocol/release';
import { parseReleaseLines } from '../../lib/agent-protocol/release-lines';

/** The part of a release that a plan shows. Terraform compares it with that of the previous release. */
export interface Triggers {
  readonly expression: string;
  readonly variables: Readonly<Record<string, object>>;
}

/**
 * Creates the triggers as defaults of variables, which Terraform takes literally. In a resource it evaluates each key
 * and value as a template, several times: with 10,000 mappings a first plan takes six times as long, and one of a
 * change three times. Locals are as slow.
 */
export function createTriggers(name: string, release: Release, { hostKeys }: Connection): Triggers {
  const readableLines = { ...parseReleaseLines(release), 'host keys': [...hostKeys].sort().join(', ') };
  // A plan hides text and policy, but its JSON has both, before and after, and a review verifies them again. They
  // aren't compressed: gzip's output differs between builds of zlib, so another runner would plan a change.
  return {
    expression: `\${merge(var.${name}_lines, { lease = terraform_data.${name}_holder.id, policy = var.${name}_policy, text = var.${name}_text })}`,
    variables: {
      [`${name}_lines`]: { ...FIXED_VARIABLE, default: readableLines },
      [`${name}_policy`]: { ...FIXED_VARIABLE, ...HIDDEN_VARIABLE, default: encodeBase64(release.policy) },
      [`${name}_text`]: { ...FIXED_VARIABLE, ...HIDDEN_VARIABLE, default: encodeBase64(release.text) },
    },
  };
}

const FIXED_VARIABLE = { description: 'cpanel-edge writes it; it is not to be set.' };
const HIDDEN_VARIABLE = { type: 'string', sensitive: true };

const encodeBase64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
