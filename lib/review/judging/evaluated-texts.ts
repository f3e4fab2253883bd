// Evaluates the configs of the owners in a review, each text once, and caches the results.

import { Device } from '../../net/device';
import { toKey } from '../../net/intern-tables';
import { Policy } from '../../policy/policy';
import { SpecifiedConfig, specifyConfig, getPlatform } from '../../verifier/verify-policy';
import { ConfigParser, EvaluatedConfig } from '../../parse/config-parser';
import { RecordedRelease } from '../plan';
import { ValueOrProblems, PolicyCache, getOrCreate, collectProblems } from '../policy-cache';
import { ConfigText, VerifiedShapes, createConfigText } from '../../verifier/release-shapes';

/**
 * The specified and evaluated configs of owners that are judged together. Equal texts are evaluated once, and parsed
 * once for all devices.
 */
export class EvaluatedTexts {
  private readonly specifiedConfigs = new Map<SpecifiedConfig['generated'], ValueOrProblems<SpecifiedConfig>>();
  private readonly evaluatedByText = new Map<string, Map<string, ValueOrProblems<EvaluatedConfig>>>();
  private readonly parsers = new Map<ConfigParser, ConfigParser>();

  constructor(
    private readonly policies = new PolicyCache(),
    readonly shapes = new VerifiedShapes(),
  ) {}

  specify(release: Pick<RecordedRelease, 'policy' | 'text'>): ValueOrProblems<SpecifiedConfig> {
    const [policy, generated] = [this.policies.decode(release.policy), this.policies.regenerate(release)];
    if (!('value' in policy)) return policy;
    if (!('value' in generated)) return generated;
    return getOrCreate(this.specifiedConfigs, generated.value, () =>
      collectProblems(() => specifyConfig(policy.value, generated.value)),
    );
  }

  /** Returns the evaluation of a text on a device, by the parser of the policy's platform. */
  evaluate(text: string, device: Device, policy: Policy): ValueOrProblems<EvaluatedConfig> {
    return this.evaluateOnce(text, device, policy, ({ read }) => read());
  }

  /** Returns the evaluation of the generated config of a policy, or of the device without it. */
  evaluateGenerated(specified: SpecifiedConfig, part: 'release' | 'rest'): ValueOrProblems<EvaluatedConfig> {
    const { device, policy, generated } = specified;
    const { text } = part === 'release' ? generated : generated.unmanagedConfig;
    return this.evaluateOnce(text, device, policy, (configText) =>
      this.shapes.getEvaluated(specified, part, configText),
    );
  }

  private evaluateOnce(
    text: string,
    device: Device,
    policy: Policy,
    evaluateText: (configText: ConfigText) => EvaluatedConfig,
  ): ValueOrProblems<EvaluatedConfig> {
    const platformParser = getPlatform(policy).parser;
    const parser = getOrCreate(this.parsers, platformParser, () => platformParser.keeping?.() ?? platformParser);
    const evaluatedByDevice = getOrCreate(
      this.evaluatedByText,
      text,
      () => new Map<string, ValueOrProblems<EvaluatedConfig>>(),
    );
    return getOrCreate(evaluatedByDevice, `${policy.platform}\n${toKey(device)}`, () =>
      collectProblems(() => evaluateText(createConfigText(parser, text, device))),
    );
  }
}
