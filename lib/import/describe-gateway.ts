import { Refusal } from '../problems/problem';
import type { GatewayIntent } from '../intent/intent';
import { captureConfig } from './capture-config';
import { createInterfaceIntents } from './gateway-draft';
import { getPlatformId, describeNotImported, resolveVersion } from './import-gateway';

/** What the configuration of a gateway says of it, whatever it translates. */
type DescribedGateway = Required<Pick<GatewayIntent, 'platform' | 'version' | 'interfaces' | 'surroundings'>>;

/** Of a configuration, or what `capture` kept of one. Throws Refusal import/not-recognised, import/not-served, import/unknown-version, and what the platform refuses. */
export function describeGateway(text: string): DescribedGateway {
  const { platform, captured } = captureConfig(text);
  if (!platform.importer) throw new Refusal([describeNotImported(platform)]);
  const deviceObjects = platform.importer.find(captured.text);
  return {
    platform: getPlatformId(platform),
    version: resolveVersion(deviceObjects, captured),
    interfaces: createInterfaceIntents(deviceObjects, []),
    surroundings: captured.text,
  };
}
