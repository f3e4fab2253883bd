// Tests cPanel's NAT file, with a stand-in of cPanel's program that writes it: `verify` and `doctor` compare it with
// the mappings, a release writes and restores it, and after a delivery the server is asked whether it reaches itself by
// the public address.
import { deepStrictEqual, doesNotMatch, match, strictEqual } from 'node:assert';
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../command';
import { Lab } from '../lab';
import { ask } from '../probe/ask-services';
import { ADDRESS } from '../topology';
import { deploy, failsToApply, plan } from './deployment';
import { types } from './doctor';
import { LabTest } from './test';

const FILE = '/var/cpanel/cpnat';
const KNOWN = `${ADDRESS.web1} ${ADDRESS.publicWeb1}\n`;
const WRONG = `${ADDRESS.web1} ${ADDRESS.publicWeb1Second}\n`;

const cpnat = (lab: Lab, text?: string): Promise<string> =>
  text === undefined ? lab.does('web1', `cat ${FILE}`) : lab.does('web1', `cat >${FILE}`, { input: text });

async function withCpanel(lab: Lab, test: () => Promise<void>): Promise<void> {
  await lab.does('web1', 'mkdir -p /var/cpanel/users; : >/var/cpanel/cpanel.config');
  try {
    await test();
  } finally {
    await lab.does('web1', 'rm -rf /var/cpanel /etc/cpsources.conf');
  }
}

/** Port of a page beyond the gateway that tells each client its address. */
const PAGE = 8888;
const MYIP = `require('node:http').createServer((asked, answer) => answer.end(asked.socket.remoteAddress.replace('::ffff:', ''))).listen(${PAGE})`;

/** Runs cPanel's own program and returns what it finds. */
async function built(lab: Lab): Promise<string> {
  cpSync(join(__dirname, '../cpanel/build-cpnat.pl'), join(lab.device('web1').root, 'usr/local/build-cpnat.pl'));
  const [command = '', ...rest] = lab.at('peer', [process.execPath, '-e', MYIP]);
  const page = spawn(command, rest, { stdio: 'ignore' });
  try {
    await until(
      'the page is there',
      10,
      async () => (await lab.exec('peer', ['ss', '-Hlnt', `sport = :${PAGE}`])).out !== '',
    );
    await lab.does(
      'web1',
      `echo MYIP=http://${ADDRESS.peer}:${PAGE}/ >/etc/cpsources.conf; perl /usr/local/build-cpnat.pl`,
    );
    return await cpnat(lab);
  } finally {
    page.kill('SIGKILL');
  }
}

/** Tests on a server that runs its release. */
export const cpnatTests: readonly LabTest[] = [
  {
    name: "cPanel's own question for its public address gives the address that its NAT file needs",
    run: (lab) =>
      withCpanel(lab, async () => {
        // The question that build_cpnat asks: on port 80, from the local address, for the address that is seen.
        const [asked] = await ask(lab, 'web1', [{ protocol: 'tcp', to: ADDRESS.peer, port: 80 }]);
        const seen = asked?.reply.is === 'answer' ? asked.reply.answer.from : '';
        await cpnat(lab, `${ADDRESS.web1} ${seen}\n`);
        const knows = await types(lab, 'doctor', ADDRESS.publicWeb1);
        match(
          knows.out,
          /✓ cPanel knows its public address: \/var\/cpanel\/cpnat has 203\.0\.113\.10 for 10\.0\.0\.10 \(line 1\)/,
        );
        strictEqual(knows.status, 0, knows.out);
        await cpnat(lab, WRONG);
        const other = await types(lab, 'doctor', ADDRESS.publicWeb1);
        match(
          other.out,
          /^Nothing keeps this client away. Beside that: cPanel on web1 does not know its public address: .* has 203\.0\.113\.11 for 10\.0\.0\.10 \(line 1\), not/m,
        );
        strictEqual(other.status, 1, other.out);
        const { status, out } = await types(lab, 'verify', 'web1');
        match(
          out,
          /^ {2}no drift: \/var\/cpanel\/cpnat has 203\.0\.113\.11 for 10\.0\.0\.10 \(line 1\), not 203\.0\.113\.10; as root there: /m,
        );
        strictEqual(status, 0, out);
      }),
  },
  {
    name: "a release with `cpnat`: shown in the plan, written with the confirm, equal to cPanel's own result; a change is drift, and a removal restores the file",
    run: (lab) =>
      withCpanel(lab, async () => {
        await cpnat(lab, WRONG);
        const { text } = await deploy(lab, { variant: 'known to cPanel' });
        match(text, /"cpnat 10\.0\.0\.10" += "203\.0\.113\.10"/);
        strictEqual(await cpnat(lab), KNOWN);
        // An address that isn't translated is seen unchanged.
        const itself = `${ADDRESS.web1Management} ${ADDRESS.web1Management}\n`;
        deepStrictEqual(await built(lab), `${KNOWN}${itself}`);
        strictEqual((await types(lab, 'verify', 'web1')).status, 0);
        await cpnat(lab, WRONG);
        const { status, out } = await types(lab, 'verify', 'web1');
        match(
          out,
          /^ {2}differs: \/var\/cpanel\/cpnat has 203\.0\.113\.11 for 10\.0\.0\.10 \(line 1\), not 203\.0\.113\.10$/m,
        );
        strictEqual(status, 1, out);
        await cpnat(lab, `${KNOWN}${itself}`);
        await deploy(lab, { variant: 'server as before' });
        strictEqual(await cpnat(lab), `${WRONG}${itself}`);
      }),
  },
  {
    name: "after a delivery the server is asked whether it reaches itself: by its own reflection, by the gateway's, by none",
    run: (lab) =>
      withCpanel(lab, async () => {
        const { output } = await deploy(lab, { variant: 'known to cPanel' });
        match(output, /Its public addresses: asked from there, tcp 53 of 203\.0\.113\.10 comes back to it\./);
        // Gateway and server are delivered at once, so the page may answer with the previous translation.
        match(
          (await deploy(lab, { variant: 'known to cPanel, by the gateway' })).output,
          /Its public addresses: asked from there, /,
        );
        const itself = await types(lab, 'doctor', ADDRESS.publicWeb1);
        match(
          itself.out,
          /✓ the server reaches its own public address: edge1 translates it back.*\n {4}asked from there, tcp 53 of 203\.0\.113\.10 comes back/,
        );
        strictEqual(itself.status, 0, itself.out);
        strictEqual((await types(lab, 'verify', 'web1')).status, 0);
        await deploy(lab, { variant: 'known to cPanel, led back by nobody' });
        const { status, out } = await types(lab, 'verify', 'web1');
        match(
          out,
          /^ {2}no drift: asked from there, tcp 53 of 203\.0\.113\.10 (does not answer|refuses|is not reached), though something listens/m,
        );
        strictEqual(status, 0, out);
        const nobody = await types(lab, 'doctor', ADDRESS.publicWeb1);
        match(nobody.out, /✗ the server reaches its own public address: .*\n {4}asked from there, tcp 53 of/);
        // The message has the reason, and the file is the release's.
        strictEqual(await cpnat(lab), KNOWN);
        await deploy(lab, { variant: 'server as before' });
      }),
  },
  {
    name: "the file isn't changed after a lock-out, nor on a server with accounts",
    run: (lab) =>
      withCpanel(lab, async () => {
        await cpnat(lab, WRONG);
        const refusedBy = async (variant: string): Promise<string> => {
          const { stack } = await plan(lab, { variant });
          const { out, err } = await failsToApply(stack);
          strictEqual(await cpnat(lab), WRONG);
          return out + err;
        };
        match(await refusedBy('known to cPanel, locked out'), /driver\/not-proven|driver\/unreachable|undone/);
        await lab.does('web1', ': >/var/cpanel/users/anna');
        const said = await refusedBy('known to cPanel');
        match(said, /device\/cpanel-in-use/);
        doesNotMatch(said, /anna/);
        await deploy(lab, { variant: 'server as before' });
      }),
  },
];
