import { AgentLogin } from './device-status';

/**
 * Returns a note for each login that was bootstrapped before `--allow`, and that has permissions because no words were
 * written for it.
 */
export const listLoginNotes = (logins: readonly AgentLogin[] = []): readonly string[] =>
  logins
    .filter(({ isEarlier, allows }) => isEarlier && allows.join() !== 'none')
    .map(
      ({ name, allows }) =>
        `the login ${name} was bootstrapped before --allow: it may deliver what the confirmed release uses (${allows.join(', ')}) until bootstrap runs again, as root on the device: bootstrap --user ${name} --allow ${allows.join()}`,
    );
