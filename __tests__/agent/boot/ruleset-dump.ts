// Sets up a test device on which cPanel's programs (simulated by shell commands) write the whole running ruleset to the
// file that nftables.service loads, and reboots it. Has the paths and texts of that file and unit.

import { SYSTEMD, atNextStart } from './next-start';

/**
 * cPanel's programs write `nft list ruleset` to the file that nftables.service loads, whenever they change their own
 * rules.
 */
export const FOLDER = '/run/sysconfig';
export const DUMP = `${FOLDER}/nftables.conf`;
export const UNIT = [
  '[Service]',
  `ExecStart=/sbin/nft -f ${DUMP}`,
  `ExecReload=/sbin/nft 'flush ruleset; include "${DUMP}";'`,
  'ExecStop=/sbin/nft flush ruleset',
  '',
].join('\n');
export const THEIRS =
  'table inet filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\n';

/** A device whose cPanel copies all rules, and whose nftables.service loads the copy. */
export function copied(under: Parameters<Parameters<typeof atNextStart>[1]>[0]) {
  const { run, word } = under;
  /** Writes the copy, as cPanel's programs do after each change of theirs. */
  const dumps = (): void => void run(`nft list ruleset >${DUMP}; chmod 640 ${DUMP}`);
  const dump = (): string => run(`cat ${DUMP}`);
  /** Runs nftables.service without the agent's drop-in, then the agent's service. */
  const starts = (): string => {
    run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    run(`nft -f ${DUMP}`);
    return word('boot 2>/dev/null');
  };
  beforeEach(() => {
    run(`mkdir -p ${SYSTEMD} ${FOLDER}; cat >${SYSTEMD}/nftables.service`, UNIT);
    run('nft -f -', THEIRS);
  });
  return { dumps, dump, starts };
}
