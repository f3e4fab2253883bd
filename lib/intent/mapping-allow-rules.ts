// Resolves the allow rules of a mapping: those of the mapped server's profile, or those that the mapping lists.

import { isHost, printPrefix } from '../net/address';
import { AllowRules } from '../policy/policy';
import { IntentLocation } from './fields';
import type { GatewayIndex } from './gateway-index';
import type { MappingDraft } from './one-to-one-nat';
import { NO_ALLOW_RULES } from './allow-rule-pool';
import * as say from './problems/gateway-problems';
import { describeOpenBesideProfile } from './problems/service-problems';
import { quoteText } from './problems/field-problems';
import { Profile } from './profile';
import type { MappableServer } from './server-policy-builder';

/**
 * Returns the allow rules of a mapping: those of its hosts' profile, or those that it lists itself. Returns undefined
 * if there are problems.
 */
export function resolveMappingAllowRules(
  { internal, ownAllowRules, ownProfile }: MappingDraft,
  location: IntentLocation,
  index: GatewayIndex,
): AllowRules | undefined {
  const initialProblemCount = location.problems.length;
  const servers = index.findOverlappingServers(internal).filter(({ profile }) => profile !== undefined);
  const [firstServer] = servers;
  if (firstServer && ownAllowRules)
    return location.report(
      describeOpenBesideProfile(location.where, `the server ${quoteText(firstServer.device ?? '')}`),
    );
  const profile = ownProfile ?? firstServer?.profile;
  if (!profile) return ownAllowRules ?? NO_ALLOW_RULES;
  location.problems.push(...profile.problems);
  refuseOtherProfiles(
    profile,
    ownProfile ? 'its "profile"' : `the server ${quoteText(firstServer?.device ?? '')}`,
    servers,
    location,
  );
  if (!ownProfile && !isHost(internal))
    location.report(say.describeProfileForSubnet(location.where, firstServer?.device ?? '', printPrefix(internal)));
  return location.problems.length === initialProblemCount ? profile.allowRules : undefined;
}

function refuseOtherProfiles(
  profile: Profile,
  profileOwner: string,
  servers: readonly MappableServer[],
  location: IntentLocation,
): void {
  const otherServer = servers.find((server) => server.profile !== profile);
  if (otherServer)
    location.report(
      say.describeDifferentProfiles(location.where, profileOwner, `the server ${quoteText(otherServer.device ?? '')}`),
    );
}
