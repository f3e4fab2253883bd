// Returns the platform, version, interfaces and captured config of a gateway from its configuration, as fields of its
// intent.
import { Refusal } from '../problems/problem';
import type { GatewayIntent } from '../intent/intent';
import { captureConfig } from './capture-config';
import { createInterfaceIntents } from './gateway-draft';
import { getPlatformId, describeNotImported, resolveVersion } from './import-gateway';

/** The fields of a gateway's intent that its configuration gives, without its mappings. */
type DescribedGateway = Required<Pick<GatewayIntent, 'platform' | 'version' | 'interfaces' | 'capturedConfig'>>;

/**
 * Describes the gateway of a configuration, or of a captured config.
 *
 * @throws Refusal import/not-recognised, import/not-served, import/unknown-version, and the refusals of the platform
 */
export function describeGateway(text: string): DescribedGateway {
  const { platform, captured } = captureConfig(text);
  if (!platform.importer) throw new Refusal([describeNotImported(platform)]);
  const deviceObjects = platform.importer.find(captured.text);
  return {
    platform: getPlatformId(platform),
    version: resolveVersion(deviceObjects, captured),
    interfaces: createInterfaceIntents(deviceObjects, []),
    capturedConfig: captured.text,
  };
}
