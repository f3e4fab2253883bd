import { isHost, printPrefix } from '../net/address';
import { Openings } from '../policy/policy';
import { Place, listOf } from './fields';
import type { GatewayNumbers } from './gateway-numbers';
import type { CpanelFirewallProfileIntent } from './intent';
import type { MappingDraft } from './one-to-one-nat';
import { NOTHING, SharedOpenings } from './openings-shared';
import * as say from './problems-gateway';
import { bothProfileAndOpen } from './problems-openings';
import { quoted } from './problems-shape';
import { Profile, compileProfile } from './profile';
import { openingListOf } from './services';
import type { ServerParts } from './server-parts';
import { Sets } from './sources';

export interface OpeningsAround {
  readonly sets: Sets;
  readonly shared: SharedOpenings;
  readonly numbers: GatewayNumbers;
}

/** What is open to the hosts of a mapping: their profile's, or what it lists itself. Undefined when something was wrong. */
export function mappingOpenings({ fields, inside }: MappingDraft, place: Place, around: OpeningsAround): Openings | undefined {
  const before = place.problems.length;
  const servers = around.numbers.serversIn(inside).filter(({ profile }) => profile !== undefined);
  const [first] = servers;
  if (first && fields.has('open')) return place.add(bothProfileAndOpen(place.where, `the server ${quoted(first.device ?? '')}`));
  const own = fields.has('profile')
    ? compileProfile(fields.at('profile').where, fields.raw('profile') as CpanelFirewallProfileIntent)
    : undefined;
  if (own || first) {
    const profile = own ?? first!.profile!;
    place.problems.push(...profile.problems);
    refuseDifferent(profile, own ? 'its "profile"' : `the server ${quoted(first!.device ?? '')}`, servers, place);
    if (!own && !isHost(inside)) place.add(say.profileForSubnet(place.where, first!.device ?? '', printPrefix(inside)));
    return place.problems.length === before ? profile.openings : undefined;
  }
  if (!fields.has('open')) return NOTHING;
  const list = listOf(
    fields.raw('open'),
    fields.at('open'),
    'A list of services',
    'At least one service, or no "open" at all: then nothing is opened.',
    1000,
  );
  const entries = openingListOf(list ?? [], fields.at('open'), { sets: around.sets, sources: 'unset', management: 'unset' });
  return place.problems.length === before ? around.shared.of(entries) : undefined;
}

function refuseDifferent(profile: Profile, whose: string, servers: readonly ServerParts[], place: Place): void {
  const other = servers.find((server) => server.profile !== profile);
  if (other) place.add(say.profilesDiffer(place.where, whose, `the server ${quoted(other.device ?? '')}`));
}
