// Renders the stack source that `import` writes for a server, and the Markdown report beside it.

import { ConnectionIntent } from '../../intent/intent';
import { escapeInline, escapeCode } from '../../report/escape-markdown';
import {
  DEFAULT_FRAMEWORK,
  FrameworkName,
  HOST_KEYS_COMMENT,
  renderConstruct,
  renderFields,
  renderComment,
  renderStackSource,
} from '../../report/render-stack-source';
import { knownPlatforms } from '../../registry';
import { printCount } from '../../reachability/print-packets';
import { summarizeOutcome } from '../exposure-changes';
import {
  renderExposureLines,
  renderMainSteps,
  renderList,
  renderSection,
  renderSynthesisLines,
} from '../import-report';
import { ImportedServer } from './import-server';
import { PacketNote } from './server-draft';

/** Returns the source of a stack with the server and its profile. */
export function createServerStack(
  { profile, server }: ImportedServer,
  report: string,
  connection: ConnectionIntent,
  framework: FrameworkName = DEFAULT_FRAMEWORK,
): string {
  const { device, owner, platform, version, ...otherFields } = server;
  return renderStackSource({
    name: device,
    framework,
    about: `What was open on ${device}. What differs, and why, says ${report}.`,
    uses: ['CpanelFirewallProfile', 'CpanelServer'],
    statements: [
      ...renderComment(4, 'What is reachable. Nothing else is.'),
      ...renderConstruct(
        'const profile = ',
        'CpanelFirewallProfile',
        `${device}-profile`,
        renderFields(6, { ...profile, name: undefined }),
      ),
      '',
      ...renderComment(4, 'Owner and names of devices stay: what is on the devices is found by them.'),
      ...renderConstruct('', 'CpanelServer', device, [
        ...renderFields(6, { owner, platform, version }),
        ...renderComment(6, HOST_KEYS_COMMENT),
        ...renderFields(6, { connection }),
        ...renderFields(6, otherFields),
        '      profile,',
      ]),
    ],
  });
}

/** Returns the connection by which operators reach the server: its first address, with the port of the management. */
export function createConnection(
  { profile, server }: Pick<ImportedServer, 'profile' | 'server'>,
  hostKey: string,
): ConnectionIntent {
  const [first] = server.interfaces!.flatMap(({ addresses }) => addresses);
  const { port } = profile.management;
  return { host: first!.split('/')[0]!, ...(port === 22 ? {} : { port: Number(port) }), hostKeys: [hostKey] };
}

/** Renders the report of a server's import in Markdown. */
export function renderServerReport(
  { server, profile, skipped, widened, changes, refused }: ImportedServer,
  sourceName: string,
  file: string,
  assumed: readonly string[],
): string {
  return [
    `# Import of ${escapeCode(sourceName)} as ${server.device}`,
    '',
    `In ${escapeCode(file)}: a profile with ${printCount(profile.services.length, 'service')}, and the server for ${server.platform}.`,
    '',
    ...renderSection('Exposure', renderExposureLines(changes, OUTCOME_TEXTS[summarizeOutcome(changes)])),
    ...(assumed.length === 0 ? [] : renderSection('Assumed', renderList(assumed.map(escapeInline)))),
    ...renderSection(
      'Carried over as more than it is',
      widened.length === 0 ? ['Nothing.'] : renderList(widened.map(renderReason)),
    ),
    ...renderSection('Not carried over', skipped.length === 0 ? ['Nothing.'] : renderList(skipped.map(renderReason))),
    ...renderSection('Synthesis', renderSynthesisLines(refused)),
    ...renderSection('Next', [
      ...renderList([
        `the host key in ${escapeCode(file)}, and whether it says what is meant: a firewall that grew holds more than is wanted`,
        ...renderMainSteps(server.device),
        ...(server.replaces
          ? [
              `deliver it: ${server.replaces.join(', ')}, whose rules these are, is stopped while the rollback timer runs, and off once the release is confirmed; without ${escapeCode('replaces')} both drop what they drop`,
            ]
          : [
              ...(keepsOtherRules(server.platform)
                ? ['deliver it: the rules that run now stay beside it, and drop what they drop where they are asked']
                : [
                    `deliver it: beside ${listOtherFirewalls(server.platform)} that is enabled, ${server.platform} is refused (${escapeCode('device/other-firewall')}); switched off by hand, it leaves the server open until the delivery is through. On nftables and firewalld it gives way in the delivery (${escapeCode('replaces')})`,
                  ]),
              `where they are another program’s than ${server.platform}, take it away: stop and disable its service, then look with ${escapeCode('cpanel-edge verify')}`,
            ]),
        `what stays on the device and lets through what the profile doesn’t, in, out or to a container behind it, refuses the delivery with its line (${escapeCode('driver/not-proven')}): put it into the profile, or take that line out`,
      ]),
    ]),
  ].join('\n');
}

/**
 * Returns the firewalls other than the platform that rewrite all rules on every change. No other firewall can stand
 * beside them.
 */
const listOtherFirewalls = (platform: string): string => {
  const firewalls = 'ufw csf APF'.split(' ').filter((firewall) => firewall.toLowerCase() !== platform);
  return `${firewalls.slice(0, -1).join(', ')} or ${firewalls.at(-1)}`;
};

/** Whether rules of other programs may stay. They may if a delivery can take the place of every one that gives way. */
const keepsOtherRules = (platform: string): boolean =>
  knownPlatforms.some(
    ({ id, replaces }) =>
      id === platform && knownPlatforms.every((otherPlatform) => !otherPlatform.givesWay || replaces(otherPlatform.id)),
  );

const renderReason = ({ packets, reason }: PacketNote): string => `${escapeCode(packets)}: ${escapeInline(reason)}`;

const OUTCOME_TEXTS = {
  unchanged: 'Unchanged: the profile lets in and out what the running rules do.',
  differs: 'With the profile, in place of the running rules:',
  undecided: 'Nothing is known to differ, and whether nothing does can not be decided: read what follows.',
};
