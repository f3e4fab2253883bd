import { LINUX } from './linux';
import { Refusals, System } from './system';

/** A program that makes rules of its own files, in which settings and lines of an owner stand among those of others. */
interface FilesProgram {
  /** In the words of the device program: `csf`. */
  readonly organ: string;
  readonly called: string;
  /** Before the owner's name. */
  readonly prefix: string;
  /** The file with the settings. */
  readonly settings: string;
  readonly service: string;
  readonly enable: string;
  /** What may come of another start of it. */
  readonly mayBring: string;
  readonly refusals: Refusals;
}

export function filesSystem({ organ, called, prefix, settings, service, enable, mayBring, refusals }: FilesProgram): System {
  const dropIn = `/etc/systemd/system/${service}.d/cpanel-edge.conf`;
  const start = `a start of ${called} may bring ${mayBring}`;
  return {
    ...LINUX,
    unitOf: ({ text, owner }) =>
      text.startsWith(`==> ${settings} <==\n# cpanel-edge:${owner}\n`) ? `settings ${prefix}-${owner}` : undefined,
    refusals: {
      [`${organ}-not-enabled`]: () => ({
        what: `${called} is not started with the device: a restart would open it.`,
        instead: `${enable}.`,
      }),
      [`${organ}-owner`]: (value) => {
        const file = settings.replace(/.*\//, '');
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
      [`${organ}-missing`]: { says: `${dropIn} is gone: ${start}`, loads: true },
      [`${organ}-changed`]: { says: `${dropIn} is not as we wrote it: ${start}`, loads: true },
    },
  };
}
