import { Release } from '../lib/agent-protocol/release';
import { Problem } from '../lib/problems/problem';
import { PlatformId, knownPlatforms, platforms } from '../lib/registry';
import { listingOf } from '../lib/systems';
import { Asked, commandFor, placeOf } from './device-asked';
import { Held } from './look';
import { LiveFacts } from './proof';

/** A release, or a policy, of one platform. */
interface OfPlatform {
  readonly platform: string;
}

/** Returns the platform of what an owner has on a device, where the release is of another one. */
export function findOtherPlatform(
  { platform }: OfPlatform,
  held: Pick<Held, 'platform'> | undefined,
): string | undefined {
  return held?.platform === undefined || held.platform === platform ? undefined : held.platform;
}

/**
 * Says why the rules that a device listed can't be read for a release: the program of another platform listed them, as the device has a release of that
 * one. Undefined where they can be read.
 */
export function whyOtherForm(
  { platform }: OfPlatform,
  ruleset: string,
  facts: Pick<LiveFacts, 'platform'>,
): string | undefined {
  const form = facts.platform ?? recogniseForm(platform, ruleset);
  if (form === undefined || listingOf(form) === listingOf(platform)) return undefined;
  return `the device has a release of platform ${form} and lists its rules in that form, in which a release of platform ${platform} can't be read`;
}

/** For device programs that don't say it: a platform that lists rules in a form of its own, the release's first. */
function recogniseForm(platform: string, ruleset: string): string | undefined {
  const forms = [listingOf(platform), ...Object.keys(platforms)].filter(
    (id): id is PlatformId => listingOf(id) === id && Object.hasOwn(platforms, id),
  );
  return forms.find((id) => platforms[id].foreign.recognises(ruleset));
}

/** By which a device refuses because of its firewalls. */
const OF_FIREWALLS = /^(other-firewall$|replaces-|not-(stopped|returned)$)/;

/**
 * Returns the problem that stands before those by which a device refused a release because of a firewall that the owner's own former release needs. None
 * where that firewall is to give way, and where the former rules stand beside the new ones.
 */
export function stayedOnOtherPlatform(
  release: Pick<Release, 'platform' | 'replaces'>,
  held: Held | undefined,
  problems: readonly Problem[],
  asked: Asked,
): readonly Problem[] {
  const from = findOtherPlatform(release, held);
  const former = knownPlatforms.find(({ id }) => id === from);
  const wanted = knownPlatforms.find(({ id }) => id === release.platform);
  if (!held || !former?.givesWay || !wanted || release.replaces?.includes(former.id)) return [];
  const words = problems.flatMap(({ code }) => (code.startsWith('device/') ? [code.slice('device/'.length)] : []));
  if (!words.some((word) => OF_FIREWALLS.test(word) || [former.id, wanted.id].some((id) => word.startsWith(`${id}-`))))
    return [];
  const { role, owner, lease } = held;
  const retract = commandFor(asked, ['retract', asked.device, '--owner', owner, '--role', role, '--lease', lease]);
  return [
    {
      code: 'driver/other-platform',
      where: placeOf(asked),
      what: `${asked.device} runs a release of platform ${former.id} of this owner, and this one is of platform ${wanted.id}, which does not run beside it.`,
      instead: wanted.replaces(former.id)
        ? `write replaces: ['${former.id}'] on the server, and ${former.id} gives way in the same delivery. Or take the former release off first (${retract}), then do what the next line says, and apply again.`
        : `take the former release off first (${retract}), then do what the next line says, and apply again; the server may be open in between.`,
    },
  ];
}
