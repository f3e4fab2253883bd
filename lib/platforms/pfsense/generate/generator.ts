// Generates config for pfSense. In: a gateway's policy, and the captured configuration of its box if there is one. Out:
// the configuration with the owner's entries. This folder knows no parser, no evaluator and no spec.

import { Policy } from '../../../policy/policy';
import { Refusal } from '../../../problems/problem';
import { checkPolicy } from '../../../generate/check-policy';
import { UnmanagedConfig, ConfigGenerator, GeneratedConfig } from '../../../generate/config-generator';
import { capabilities } from '../capabilities';
import { createAssumedBox } from './assumed-box';
import { findUnmanagedBox } from './unmanaged-box';
import { PfsenseConfiguration, parseConfiguration } from './configuration';
import { replaceEntries } from './replace-entries';
import { lowerGateway } from './lower';
import { createNoEntries } from './pfsense-entries';
import * as problems from './gateway-problems';
import * as ofBox from './box-problems';
import { includesVersion, findVersionRange } from './config-versions';
import { createAddressLines } from './create-virtual-ips';

export const generator: ConfigGenerator = {
  write(policy: Policy, captured?: string): GeneratedConfig {
    const problemsFound = checkPolicy(policy, capabilities);
    if (policy.kind !== 'gateway') throw new Refusal(problemsFound);
    const release = findVersionRange(policy.version);
    if (!release) throw new Refusal([...problemsFound, problems.createUnknownVersion(policy.device, policy.version)]);
    const capturedConfig = captured === undefined ? undefined : parseCaptured(policy.device, captured);
    const unmanaged =
      capturedConfig ?? parseConfiguration(createAssumedBox(policy, release.writes), `device ${policy.device}`);
    const box = findUnmanagedBox(unmanaged, policy.owner);
    if (capturedConfig && !includesVersion(release, box.version))
      throw new Refusal([ofBox.createOtherVersion(`device ${policy.device}`, policy.version, box.version)]);
    const entries = lowerGateway(policy, box, capturedConfig !== undefined, problemsFound);
    return {
      text: replaceEntries(unmanaged, entries),
      unmanagedConfig: {
        text: replaceEntries(unmanaged, createNoEntries(policy.owner)),
        isCaptured: capturedConfig !== undefined,
      },
      addresses: policy.virtualIps.flatMap(createAddressLines),
    };
  },
  without(text: string, owner: string): UnmanagedConfig {
    const configuration = parseConfiguration(text, `the text of ${owner}`);
    const kind = configuration.mark?.kind;
    if (kind !== 'captured' && kind !== 'assumed') throw new Refusal([ofBox.createNotCaptured(`the text of ${owner}`)]);
    return { text: replaceEntries(configuration, createNoEntries(owner)), isCaptured: kind === 'captured' };
  },
};

function parseCaptured(device: string, text: string): PfsenseConfiguration {
  const where = `capturedConfig of ${device}`;
  const configuration = parseConfiguration(text, where);
  if (configuration.mark?.kind !== 'captured') throw new Refusal([ofBox.createNotCaptured(where)]);
  return configuration;
}
