import { LINUX, serviceFaults } from './linux';
import { BootFaults, Refusals, System } from './system';

/** A program that makes rules of its own files, in which settings and lines of an owner stand among those of others. */
interface FilesProgram {
  /** In the words of the device program: `csf`. */
  readonly organ: string;
  readonly called: string;
  /** The file with the settings, by what stands before the owner's name: one for each version that has its own. */
  readonly settings: Readonly<Record<string, string>>;
  /** As in `System`. */
  readonly listedAs: string;
  readonly services: readonly string[];
  readonly enable: string;
  /** What may come of another start of it. */
  readonly mayBring: string;
  readonly refusals: Refusals;
  /** Words of `boot=` that no other program has. */
  readonly bootFaults?: BootFaults;
}

export function filesSystem({
  organ,
  called,
  settings,
  listedAs,
  services,
  enable,
  mayBring,
  refusals,
  bootFaults = {},
}: FilesProgram): System {
  const dropIn = services.map((service) => `/etc/systemd/system/${service}.d/cpanel-edge.conf`).join(' or ');
  const start = `a start of ${called} may bring ${mayBring}`;
  return {
    ...LINUX,
    listedAs,
    loginWord: { word: organ, changes: `${called}'s files` },
    unitOf({ text, owner }) {
      const found = Object.entries(settings).find(([, file]) =>
        text.startsWith(`==> ${file} <==\n# cpanel-edge:${owner}\n`),
      );
      return found && `settings ${found[0]}-${owner}`;
    },
    refusals: {
      [`${organ}-not-enabled`]: () => ({
        what: `${called} is not started with the device: a restart would open it.`,
        instead: `${enable}.`,
      }),
      [`${organ}-masked`]: () => ({
        what: `${called} is masked there (systemctl mask): a restart would open it.`,
        instead: `systemctl unmask ${services.join(' or ')}, then ${enable}.`,
      }),
      [`${organ}-owner`]: (value) => {
        const file = Object.values(settings)[0]!.replace(/.*\//, '');
        return {
          what: `Owner ${value('owner')} has settings in ${file} there, and there is one ${file}.`,
          instead: 'one owner for the server.',
        };
      },
      [`${organ}-marks`]: (value) => ({
        what: `The marks around our lines in ${value('file')} ("# cpanel-edge:OWNER begin" and "end") are not two in a row any more.`,
        instead: 'put them right, or take both out with the lines between them; then apply again.',
      }),
      ...refusals,
    },
    bootFaults: {
      ...LINUX.bootFaults,
      ...serviceFaults(organ, called, `${organ}-not-enabled`, enable),
      ...bootFaults,
      [`${organ}-missing`]: { says: `${dropIn} is gone: ${start}`, loads: true },
      [`${organ}-changed`]: { says: `${dropIn} is not as we wrote it: ${start}`, loads: true },
    },
  };
}
