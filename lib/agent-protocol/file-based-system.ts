// Creates the DeviceSystem of a platform whose program makes rules from configuration files (csf, APF): refusals, boot
// faults, and the settings that a release owns.
import { LINUX, createServiceFaults } from './linux-system';
import { BootFaults, RefusalTexts, DeviceSystem } from './device-system';

/**
 * A program that makes rules from its own files. Settings and lines of an owner stand in them among those of others.
 */
interface FileBasedProgram {
  /** The program's word in the agent: `csf`. */
  readonly organ: string;
  readonly label: string;
  /** The file with the settings, by the text before the owner's name: one for each version that has its own. */
  readonly settings: Readonly<Record<string, string>>;
  /** The same as in `DeviceSystem`. */
  readonly listingPlatform: string;
  readonly services: readonly string[];
  readonly enable: string;
  /** The possible effect of another start of the program. */
  readonly mayBring: string;
  readonly refusals: RefusalTexts;
  /** Words of `boot=` that no other program has. */
  readonly bootFaults?: BootFaults;
}

export function createFileBasedSystem({
  organ: agentWord,
  label: displayName,
  settings,
  listingPlatform,
  services,
  enable,
  mayBring,
  refusals,
  bootFaults = {},
}: FileBasedProgram): DeviceSystem {
  const dropIn = services.map((service) => `/etc/systemd/system/${service}.d/cpanel-edge.conf`).join(' or ');
  const startEffect = `a start of ${displayName} may bring ${mayBring}`;
  return {
    ...LINUX,
    listingPlatform,
    loginWord: { word: agentWord, changes: `${displayName}'s files` },
    findUnit({ text, owner }) {
      const setting = Object.entries(settings).find(([, file]) =>
        text.startsWith(`==> ${file} <==\n# cpanel-edge:${owner}\n`),
      );
      return setting && `settings ${setting[0]}-${owner}`;
    },
    refusals: {
      [`${agentWord}-not-enabled`]: () => ({
        what: `${displayName} is not started with the device: a restart would open it.`,
        instead: `${enable}.`,
      }),
      [`${agentWord}-masked`]: () => ({
        what: `${displayName} is masked there (systemctl mask): a restart would open it.`,
        instead: `systemctl unmask ${services.join(' or ')}, then ${enable}.`,
      }),
      [`${agentWord}-owner`]: (value) => {
        const file = Object.values(settings)[0]!.replace(/.*\//, '');
        return {
          what: `Owner ${value('owner')} has settings in ${file} there, and there is one ${file}.`,
          instead: 'one owner for the server.',
        };
      },
      [`${agentWord}-marks`]: (value) => ({
        what: `The marks around our lines in ${value('file')} ("# cpanel-edge:OWNER begin" and "end") are not two in a row any more.`,
        instead: 'put them right, or take both out with the lines between them; then apply again.',
      }),
      ...refusals,
    },
    bootFaults: {
      ...LINUX.bootFaults,
      ...createServiceFaults(agentWord, displayName, `${agentWord}-not-enabled`, enable),
      ...bootFaults,
      [`${agentWord}-missing`]: { description: `${dropIn} is gone: ${startEffect}`, loads: true },
      [`${agentWord}-changed`]: { description: `${dropIn} is not as we wrote it: ${startEffect}`, loads: true },
    },
  };
}
