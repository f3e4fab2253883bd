// Sets up a test server with the files of a cPanel server (its NAT file, accounts, settings; no cPanel program), on
// which tests deliver releases that write the NAT file.

import { Release } from '../../../lib/agent-protocol/release';
import { sent, tableText } from '../stream';
import { underShell, underShells } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';

export const CPNAT = '/var/cpanel/cpnat';
export const USERS = '/var/cpanel/users';
export const HOME = '/etc/cpanel-edge/server-web';
export const SOURCES = '/etc/cpsources.conf';

/** The release's lines on the NAT file: pairs of addresses, or `off`. */
export const says = (...pairs: readonly string[]): readonly string[] =>
  pairs[0] === 'off'
    ? ['nat-mode off', 'in-use refuse']
    : ['nat-mode on', 'in-use refuse', ...pairs.map((pair) => `pair ${pair}`)];

export const server = (cpnat?: readonly string[], more: Partial<Release> = {}) =>
  sent({
    role: 'server',
    text: tableText(1001, 'cpanel_edge_web_host'),
    onRetract: 'as before',
    ...(cpnat ? { cpnat } : {}),
    ...more,
  });

/** A server with cPanel, whose NAT file is empty before each test. */
function cpanel(device: ReturnType<typeof underShell>) {
  const { run, program, step, retract, fresh } = device;
  const write = (text: string): string =>
    run(`mkdir -p ${USERS}; : >${USERS}/system; : >/var/cpanel/cpanel.config; cat >${CPNAT}`, text);
  beforeEach(() => void write(''));
  afterEach(() => {
    retract('server');
    fresh();
    run('rm -rf /var/cpanel/*');
  });
  return {
    ...device,
    write,
    file: (): string => run(`cat ${CPNAT} 2>&1`).replace(/^cat: .*No such file.*\n$/, 'absent'),
    refusal: (one: ReturnType<typeof server>): string => {
      step('upload', one);
      return program(`check ${one.identity}`).split('\n').at(-1)!;
    },
    gone: (): string => retract('server').split('\n').at(-1)!,
  };
}

export const onCpanel = (
  called: string,
  tests: (device: ReturnType<typeof cpanel>, shell: string) => void,
  shells: readonly string[] = DEVICE_SHELLS,
): void => underShells(shells, called, (device, shell) => tests(cpanel(device), shell));
