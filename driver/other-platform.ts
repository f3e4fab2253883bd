// Finds out that a device runs a release of another platform of the same owner, and explains what that prevents:
// parsing the listed rules, or the delivery.
import { Release } from '../lib/agent-protocol/release';
import { Problem } from '../lib/problems/problem';
import { PlatformId, knownPlatforms, platforms } from '../lib/registry';
import { getListingPlatform } from '../lib/device-systems';
import { DeviceContext, formatDeviceCommand, formatPlace } from './device-context';
import { OwnerStatus } from './device-status';
import { LiveFacts } from './verification';

/** A release, or a policy, of one platform. */
interface WithPlatform {
  readonly platform: string;
}

/** Returns the platform of an owner's release on a device, if the new release is of another one. */
export function findOtherPlatform(
  { platform }: WithPlatform,
  status: Pick<OwnerStatus, 'platform'> | undefined,
): string | undefined {
  return status?.platform === undefined || status.platform === platform ? undefined : status.platform;
}

/**
 * Returns why the rules that a device listed can't be parsed for a release: the device has a release of another
 * platform, and that platform's program listed them. Undefined if they can be parsed.
 */
export function explainOtherForm(
  { platform }: WithPlatform,
  ruleset: string,
  facts: Pick<LiveFacts, 'platform'>,
): string | undefined {
  const form = facts.platform ?? detectForm(platform, ruleset);
  if (form === undefined || getListingPlatform(form) === getListingPlatform(platform)) return undefined;
  return `the device has a release of platform ${form} and lists its rules in that form, in which a release of platform ${platform} can't be read`;
}

/**
 * Returns the platform that lists rules in the form of this text, the release's first, for agents that don't report it.
 */
function detectForm(platform: string, ruleset: string): string | undefined {
  const forms = [getListingPlatform(platform), ...Object.keys(platforms)].filter(
    (id): id is PlatformId => getListingPlatform(id) === id && Object.hasOwn(platforms, id),
  );
  return forms.find((id) => platforms[id].configFormat.recognises(ruleset));
}

/** Words with which a device refuses because of its firewalls. */
const FIREWALL_REFUSAL = /^(other-firewall$|replaces-|not-(stopped|returned)$)/;

/**
 * Returns the problem that comes before the device's refusals because of a firewall that the owner's former release
 * needs. None if that firewall gives way, or if the former rules stand beside the new ones.
 */
export function explainOtherPlatform(
  release: Pick<Release, 'platform' | 'replaces'>,
  status: OwnerStatus | undefined,
  problems: readonly Problem[],
  context: DeviceContext,
): readonly Problem[] {
  const formerId = findOtherPlatform(release, status);
  const formerPlatform = knownPlatforms.find(({ id }) => id === formerId);
  const newPlatform = knownPlatforms.find(({ id }) => id === release.platform);
  if (!status || !formerPlatform?.givesWay || !newPlatform || release.replaces?.includes(formerPlatform.id)) return [];
  const words = problems.flatMap(({ code }) => (code.startsWith('device/') ? [code.slice('device/'.length)] : []));
  if (
    !words.some(
      (word) =>
        FIREWALL_REFUSAL.test(word) || [formerPlatform.id, newPlatform.id].some((id) => word.startsWith(`${id}-`)),
    )
  )
    return [];
  const { role, owner, ownerToken } = status;
  const removeCommand = formatDeviceCommand(context, [
    'remove',
    context.device,
    '--owner',
    owner,
    '--role',
    role,
    '--owner-token',
    ownerToken,
  ]);
  return [
    {
      code: 'driver/other-platform',
      where: formatPlace(context),
      what: `${context.device} runs a release of platform ${formerPlatform.id} of this owner, and this one is of platform ${newPlatform.id}, which does not run beside it.`,
      instead: newPlatform.replaces(formerPlatform.id)
        ? `write replaces: ['${formerPlatform.id}'] on the server, and ${formerPlatform.id} gives way in the same delivery. Or take the former release off first (${removeCommand}), then do what the next line says, and apply again.`
        : `take the former release off first (${removeCommand}), then do what the next line says, and apply again; the server may be open in between.`,
    },
  ];
}
