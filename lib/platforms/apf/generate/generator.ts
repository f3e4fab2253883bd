// Generates config for APF. In: a server's policy. Out: the owner's parts of APF's files. This folder knows no parser,
// no evaluator and no spec.

import { FAMILY_RANGE, toPrefixes } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { ServerPolicy } from '../../../policy/policy';
import { compareVersions } from '../../../policy/compare-versions';
import { Refusal } from '../../../problems/problem';
import { createServerGenerator } from '../../../generate/netfilter/loader-generator';
import { createClosedPolicy } from '../../../generate/netfilter/server-clauses';
import { UnmanagedConfig, ConfigGenerator } from '../../../generate/config-generator';
import { ApfFormat, formats } from './apf-format';
import { lowerServer } from './lower-server';
import * as problems from './apf-problems';
import { render } from './render';

/**
 * Returns the assumed config of a server with APF whose allowed peers aren't known: every peer, to everything that APF
 * has keys and lines for.
 */
const createAssumedOpen = (format: ApfFormat): UnmanagedConfig => ({
  text: render(
    'nobody',
    {
      interface: '',
      tcp: [ALL_PORTS],
      udp: [ALL_PORTS],
      types: [0, 3, 8, 11, 12],
      types6: 'all',
      lines: format.families
        .flatMap((family) => toPrefixes(FAMILY_RANGE[family]))
        .flatMap((peer) => (['tcp', 'udp'] as const).map((protocol) => ({ protocol, ports: ALL_PORTS, peer }))),
    },
    format,
  ),
  isCaptured: false,
  isAssumed: true,
});

const createGenerator = (format: ApfFormat, number: string): ConfigGenerator => {
  const generateText = (policy: ServerPolicy, isWhole: boolean): string => {
    if (compareVersions(policy.version, number) !== 0)
      throw new Refusal([problems.createUnknownVersion(policy.device, policy.version)]);
    return render(policy.owner, lowerServer(policy, format, isWhole), format);
  };
  return createServerGenerator(
    format.capabilities,
    createAssumedOpen(format),
    (policy) => generateText(policy, true),
    (policy) => generateText(createClosedPolicy(policy), false),
  );
};

export const generator = createGenerator(formats.packaged, '9.7');
export const publishedGenerator = createGenerator(formats.published, '2.0.2');
