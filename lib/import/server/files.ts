import { ConnectionIntent } from '../../intent/intent';
import { inline, code } from '../../report/escape';
import { HOST_KEYS, construct, fields, remark, stackSource } from '../../report/stack-source';
import { knownPlatforms } from '../../registry';
import { counted } from '../../reachability/words';
import { outcomeOf } from '../changes';
import { exposureLines, inMain, list, section, synthesisLines } from '../report';
import { ImportedServer } from './server';
import { Noted } from './draft';

/** The file of a stack with the server and its profile. */
export function serverStack({ profile, server }: ImportedServer, report: string, connection: ConnectionIntent): string {
  const { device, owner, platform, version, ...rest } = server;
  return stackSource({
    name: device,
    about: `What was open on ${device}. What differs, and why, says ${report}.`,
    uses: ['CpanelFirewallProfile', 'CpanelServer'],
    statements: [
      ...remark(4, 'What is reachable. Nothing else is.'),
      ...construct(
        'const profile = ',
        'CpanelFirewallProfile',
        `${device}-profile`,
        fields(6, { ...profile, name: undefined }),
      ),
      '',
      ...remark(4, 'Owner and names of devices stay: what is on the devices is found by them.'),
      ...construct('', 'CpanelServer', device, [
        ...fields(6, { owner, platform, version }),
        ...remark(6, HOST_KEYS),
        ...fields(6, { connection }),
        ...fields(6, rest),
        '      profile,',
      ]),
    ],
  });
}

/** Where operators reach it: its first address. */
export function connectionOf(
  { profile, server }: Pick<ImportedServer, 'profile' | 'server'>,
  hostKey: string,
): ConnectionIntent {
  const [first] = server.interfaces!.flatMap(({ addresses }) => addresses);
  const { port } = profile.management;
  return { host: first!.split('/')[0]!, ...(port === 22 ? {} : { port: Number(port) }), hostKeys: [hostKey] };
}

/** What a person has to know of it, in Markdown. */
export function serverReport(
  { server, profile, left, widened, changes, refused }: ImportedServer,
  from: string,
  file: string,
  assumed: readonly string[],
): string {
  return [
    `# Import of ${code(from)} as ${server.device}`,
    '',
    `In ${code(file)}: a profile with ${counted(profile.services.length, 'service')}, and the server for ${server.platform}.`,
    '',
    ...section('Exposure', exposureLines(changes, OUTCOMES[outcomeOf(changes)])),
    ...(assumed.length === 0 ? [] : section('Assumed', list(assumed.map(inline)))),
    ...section('Carried over as more than it is', widened.length === 0 ? ['Nothing.'] : list(widened.map(reason))),
    ...section('Not carried over', left.length === 0 ? ['Nothing.'] : list(left.map(reason))),
    ...section('Synthesis', synthesisLines(refused)),
    ...section('Next', [
      ...list([
        `the host key in ${code(file)}, and whether it says what is meant: a firewall that grew holds more than anybody wants`,
        ...inMain(server.device),
        ...(server.replaces
          ? [
              `deliver it: ${server.replaces.join(', ')}, whose rules these are, is stopped while it is on trial, and off once it is confirmed; without ${code('replaces')} both drop what they drop`,
            ]
          : [
              ...(standsBeside(server.platform)
                ? ['deliver it: the rules that run now stay beside it, and drop what they drop where they are asked']
                : [
                    `deliver it: beside ${othersBut(server.platform)} that is enabled, ${server.platform} is refused (${code('device/other-firewall')}); switched off by hand, it leaves the server open until the delivery is through. On nftables and firewalld it gives way in the delivery (${code('replaces')})`,
                  ]),
              `where they are another program’s than ${server.platform}, take it away: stop and disable its service, then look with ${code('cpanel-edge verify')}`,
            ]),
        `what stays on the device and lets through what the profile doesn’t, in, out or to a container behind it, refuses the delivery with its line (${code('driver/not-proven')}): put it into the profile, or take that line out`,
      ]),
    ]),
  ].join('\n');
}

/** Who writes all rules anew whenever it is told something: nobody else is beside it, but its own platform. */
const othersBut = (platform: string): string => {
  const others = 'ufw csf APF'.split(' ').filter((one) => one.toLowerCase() !== platform);
  return `${others.slice(0, -1).join(', ')} or ${others.at(-1)}`;
};

/** Others' rules of any kind: only where it can take the place of each in a delivery. */
const standsBeside = (platform: string): boolean =>
  knownPlatforms.some(
    ({ id, replaces }) => id === platform && knownPlatforms.every((other) => !other.givesWay || replaces(other.id)),
  );

const reason = ({ packets, why }: Noted): string => `${code(packets)}: ${inline(why)}`;

const OUTCOMES = {
  unchanged: 'Unchanged: the profile lets in and out what the running rules do.',
  differs: 'With the profile, in place of the running rules:',
  undecided: 'Nothing is known to differ, and whether nothing does can not be decided: read what follows.',
};
