import { isHost, printPrefix } from '../net/address';
import { Openings } from '../policy/policy';
import { Place } from './fields';
import type { GatewayNumbers } from './gateway-numbers';
import type { MappingDraft } from './one-to-one-nat';
import { NOTHING } from './openings-shared';
import * as say from './problems/gateway';
import { bothProfileAndOpen } from './problems/openings';
import { quoted } from './problems/shape';
import { Profile } from './profile';
import type { ServerParts } from './server-parts';

/** What is open to the hosts of a mapping: their profile's, or what it lists itself. Undefined when something was wrong. */
export function mappingOpenings(
  { inside, ownOpenings, ownProfile }: MappingDraft,
  place: Place,
  numbers: GatewayNumbers,
): Openings | undefined {
  const before = place.problems.length;
  const servers = numbers.serversIn(inside).filter(({ profile }) => profile !== undefined);
  const [first] = servers;
  if (first && ownOpenings)
    return place.add(bothProfileAndOpen(place.where, `the server ${quoted(first.device ?? '')}`));
  const profile = ownProfile ?? first?.profile;
  if (!profile) return ownOpenings ?? NOTHING;
  place.problems.push(...profile.problems);
  refuseDifferent(profile, ownProfile ? 'its "profile"' : `the server ${quoted(first?.device ?? '')}`, servers, place);
  if (!ownProfile && !isHost(inside))
    place.add(say.profileForSubnet(place.where, first?.device ?? '', printPrefix(inside)));
  return place.problems.length === before ? profile.openings : undefined;
}

function refuseDifferent(profile: Profile, whose: string, servers: readonly ServerParts[], place: Place): void {
  const other = servers.find((server) => server.profile !== profile);
  if (other) place.add(say.profilesDiffer(place.where, whose, `the server ${quoted(other.device ?? '')}`));
}
