import { Refusal } from '../problems/problem';
import type { GatewayIntent } from '../intent/intent';
import { capturedBy } from './captured';
import { interfacesOf } from './draft';
import { idOf, notImported, versionOf } from './imported';

/** What the configuration of a gateway says of it, whatever it translates. */
type DescribedGateway = Required<Pick<GatewayIntent, 'platform' | 'version' | 'interfaces' | 'surroundings'>>;

/** Of a configuration, or what `capture` kept of one. Throws Refusal import/not-recognised, import/not-served, import/unknown-version, and what the platform refuses. */
export function describedGateway(text: string): DescribedGateway {
  const { platform, captured } = capturedBy(text);
  if (!platform.importing) throw new Refusal([notImported(platform)]);
  const found = platform.importing.find(captured.text);
  return {
    platform: idOf(platform),
    version: versionOf(found, captured),
    interfaces: interfacesOf(found, []),
    surroundings: captured.text,
  };
}
