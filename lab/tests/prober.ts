// Tests the prober: it sees changes that are made by hand, and reports how long they last.

import { deepStrictEqual, ok } from 'node:assert';
import { pause } from '../command';
import { Lab } from '../lab';
import { namespaceOf, processesIn } from '../namespace';
import { printProbed, troubles } from '../probe/probe-results';
import { Probed, Tested, probe } from '../probe/prober';
import { wordsOf } from '../process';
import { ADDRESS } from '../topology';
import { deploy } from './deployment';
import { LabSuite } from './test';

/**
 * Tests of the prober: it must see changes that are made by hand, and report their duration. Other tests depend on
 * that.
 */
export const prober: LabSuite = {
  name: 'the prober',
  alone: true,
  tests: [
    {
      name: 'while nothing changes it probes 50 times a second and finds no failure',
      run: async (lab) => {
        await deploy(lab);
        const probing = await probe(lab, { sessions: [443, 993] });
        await pause(5000);
        const probed = await probing.stop();
        ok(probed.perSecond >= 50, printProbed(probed));
        for (const { name, tried } of probed.tests) ok(tried >= 5, `${name}\n${printProbed(probed)}`);
        deepStrictEqual(troubles(probed), [], printProbed(probed));
        for (const { answers, ended, silentFor } of probed.sessions) {
          ok(answers > 20 && ended === '' && silentFor < 2000, printProbed(probed));
        }
      },
    },
    {
      name: 'two seconds of dropped new connections are an outage of two seconds',
      run: async (lab) => {
        const probing = await probe(lab, { sessions: [443] });
        const milliseconds = await during(
          lab,
          'edge1',
          'type filter hook forward priority -200\nct state new tcp dport 443 drop',
          2000,
        );
        await pause(1000);
        const probed = await probing.stop();
        for (const name of ['allowed', 'hairpin', 'IPv6 allowed', 'outbound identity']) {
          const { longestOutage } = one(probed, name);
          ok(
            longestOutage >= 1500 && longestOutage <= milliseconds + 1000,
            `${milliseconds} ms\n${printProbed(probed)}`,
          );
        }
        // It doesn't leave the server.
        for (const name of ['hairpin of the server', 'operator to edge1', 'operator to web1']) {
          ok(one(probed, name).longestOutage < 1000, printProbed(probed));
        }
        const [session] = probed.sessions;
        ok(session?.ended === '' && session.longestSilence < 1000, printProbed(probed));
      },
    },
    {
      name: 'a forbidden port that is open for 300 ms is reported with its place',
      run: async (lab) => {
        const probing = await probe(lab);
        const ports = (verb: string, table: string) => `nft ${verb} element inet ${table} s_ports '{ 3306 }'`;
        await lab.does('edge1', ports('add', 'cpanel_edge_hosting_gw'));
        const [gateway, server] = ['cpanel_edge_hosting_gw', 'cpanel_edge_hosting_host'] as const;
        await lab.does('web1', `${ports('add', server)}; sleep 0.3; ${ports('delete', server)}`);
        await lab.does('edge1', ports('delete', gateway));
        await pause(500);
        const probed = await probing.stop();
        const { successes, longestOutage } = one(probed, 'forbidden');
        ok(successes.length > 0 && longestOutage < 2000, printProbed(probed));
        ok(successes[0]?.saw.startsWith(`web1 as ${ADDRESS.web1}`), JSON.stringify(successes));
        ok(one(probed, 'IPv6 forbidden').successes.length > 0, printProbed(probed));
        deepStrictEqual(one(probed, 'forbidden by the inside address').successes, [], printProbed(probed));
        deepStrictEqual(one(probed, 'gateway by the VIP').successes, [], printProbed(probed));
      },
    },
    {
      name: "the gateway's own sshd behind the public address is a forbidden success",
      run: async (lab) => {
        await lab.device('edge1').reboot();
        const probing = await probe(lab);
        await lab.does(
          'edge1',
          'nft flush chain inet cpanel_edge_hosting_gw c_input; nft flush chain inet cpanel_edge_hosting_gw c_prerouting',
        );
        await pause(1000);
        const probed = await probing.stop();
        const { successes } = one(probed, 'gateway by the VIP');
        ok(successes[0]?.saw.includes('SSH-2.0'), printProbed(probed));
        // The gateway answers with a reset, because no program listens there: the port is neither open nor silent.
        ok(
          one(probed, 'forbidden').refusals.length > 0 && one(probed, 'forbidden').successes.length === 0,
          printProbed(probed),
        );
        await lab.device('edge1').reboot();
      },
    },
    {
      name: "another program's masquerade gives a wrong source address, and another host's answer is wrong",
      run: async (lab) => {
        const probing = await probe(lab);
        await during(lab, 'edge1', 'type nat hook postrouting priority 50\noifname "wan0" masquerade', 1000);
        const masqueraded = one(await probing.stop(), 'outbound identity');
        ok(masqueraded.wrong[0]?.saw.endsWith(`asked by ${ADDRESS.gatewayOutside}`), JSON.stringify(masqueraded));
        ok(masqueraded.longestOutage >= 500 && masqueraded.good > 0, JSON.stringify(masqueraded));

        const again = await probe(lab);
        const redirect = `type nat hook prerouting priority -150\nip daddr ${ADDRESS.internet} tcp dport 443 dnat ip to ${ADDRESS.peer}`;
        await during(lab, 'edge1', redirect, 1000);
        const redirected = one(await again.stop(), 'outbound identity');
        ok(redirected.wrong[0]?.saw.startsWith(`peer as ${ADDRESS.peer}`), JSON.stringify(redirected));
      },
    },
    {
      name: 'a blocked source can be probed as well, and gets no answer',
      run: async (lab) => {
        const blocked = {
          name: 'blocked',
          from: 'internet',
          source: ADDRESS.blocked,
          to: ADDRESS.publicWeb1,
          port: 443,
        };
        const probing = await probe(lab, { tests: [{ ...blocked, expect: 'silence', perSecond: 10 }] });
        await pause(1000);
        const probed = await probing.stop();
        deepStrictEqual(troubles(probed), []);
        ok(one(probed, 'blocked').tried > 5, printProbed(probed));
      },
    },
    {
      name: 'a prober without processor time reports that, and no outage',
      run: async (lab) => {
        const probing = await probe(lab, { sessions: [443] });
        const [listener, program] = [
          await processOf(lab, 'web1', 'listener.js'),
          await processOf(lab, 'internet', 'knock.js'),
        ];
        // Knocks on their way get answers in time, which are read long after.
        process.kill(listener, 'SIGSTOP');
        await pause(200);
        process.kill(program, 'SIGSTOP');
        process.kill(listener, 'SIGCONT');
        await pause(1200);
        process.kill(program, 'SIGCONT');
        await pause(500);
        const probed = await probing.stop();
        const lags = probed.lag.filter(({ from, milliseconds }) => from === 'internet' && milliseconds > 700);
        ok(lags.length > 0, printProbed(probed));
        deepStrictEqual(troubles(probed), [], printProbed(probed));
      },
    },
    {
      name: 'a reboot of a probing machine is an outage that ends',
      run: async (lab) => {
        const probing = await probe(lab, { sessions: [443] });
        await lab.device('web1').reboot();
        await pause(1500);
        const probed = await probing.stop();
        for (const name of ['allowed', 'hairpin', 'hairpin of the server', 'outbound identity', 'operator to web1']) {
          const { longestOutage, failures } = one(probed, name);
          ok(longestOutage > 0 && failures.length > 0, `${name}\n${printProbed(probed)}`);
        }
        ok(one(probed, 'operator to edge1').longestOutage < 1000, printProbed(probed));
        ok(probed.sessions[0]?.ended !== '' || probed.sessions[0].silentFor > 1000, printProbed(probed));
      },
    },
    {
      name: 'a prober goes on in the network of a machine that was powered off',
      run: async (lab) => {
        const probing = await probe(lab);
        const web1 = lab.device('web1');
        for (let times = 0; times < 2; times += 1) {
          await web1.cut();
          await pause(300);
          await web1.start();
          await web1.ready();
          await pause(3000);
        }
        await probing.mark();
        await pause(2000);
        const probed = await probing.stop();
        deepStrictEqual(troubles(probed), [], printProbed(probed));
        for (const { name, tried } of probed.tests) ok(tried > 1, `${name}\n${printProbed(probed)}`);

        // If it never comes back, the outage lasts to the end.
        const another = await probe(lab);
        await web1.cut();
        await another.mark();
        await pause(2000);
        const gone = one(await another.stop(), 'outbound identity');
        ok(gone.good === 0 && gone.longestOutage > 1500, JSON.stringify(gone));
        await web1.start();
        await web1.ready();
      },
    },
  ],
};

function one(probed: Probed, name: string): Tested {
  const [found, ...others] = probed.tests.filter((test) => test.name === name);
  ok(found && others.length === 0, `${others.length + 1} tests are named ${name}`);
  return found;
}

/** Returns the process of a lab program in a node's network. */
async function processOf(lab: Lab, node: string, program: string): Promise<number> {
  const running = await processesIn(namespaceOf(lab.name, node));
  const found = running.find((pid) => wordsOf(pid).some((word) => word.includes(program)));
  ok(found);
  return found;
}

/** Loads another program's chain on a device for so long. Returns the longest time that it can have been there. */
async function during(lab: Lab, device: string, chain: string, milliseconds: number): Promise<number> {
  const start = Date.now();
  await lab.does(device, `nft -f - && sleep ${milliseconds / 1000}; nft delete table inet foreign`, {
    input: `table inet foreign {\nchain one {\n${chain}\n}\n}\n`,
  });
  return Date.now() - start;
}
