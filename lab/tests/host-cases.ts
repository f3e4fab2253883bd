// Tests the server cases of __tests__/cases on every platform that accepts them: delivers each one, and compares
// packets with the verified reachability before and after a restart.
import { strictEqual } from 'node:assert';
import { WAVES } from '../compare-reachability';
import { Lab } from '../lab';
import { ADDRESS } from '../topology';
import { installApf } from './apf';
import { installCsf } from './csf';
import { deploy, expectAsProven } from './deployment';
import { types } from './doctor';
import { ONLY_IPV6, casesOn, variantOf } from './host-case';
import { SERVER_PLATFORMS, ServerPlatform } from './server-environment';
import { LabSuite } from './test';

/** Prepares a host for the platform's program. */
const PREPARES: Partial<Record<ServerPlatform, (lab: Lab) => Promise<unknown>>> = {
  firewalld: (lab) => lab.does('web1', 'systemctl enable --now firewalld'),
  csf: installCsf,
  apf: installApf,
};

/** Cases that every run has. All others are similar, and take an hour and a half. */
const ALWAYS: readonly string[] = [
  variantOf('server/outbound-listed', 'nftables'),
  variantOf('server/blocked-overlaps-allowed', 'firewalld'),
  variantOf(ONLY_IPV6, 'csf'),
];

/** Removes IPv4, also after a restart. */
const NO_IPV4 =
  "sed -i -E '/10[.]0[.]0[.]10?([/ ]|$)/d' /etc/network.batch; ip -4 addr flush dev eth0; ! grep -F 10.0.0. /etc/network.batch";

/** The targets that no mapping translates. */
const BY_IPV6 = WAVES.map((wave) => wave.filter(({ to }) => to === ADDRESS.web16)).filter((wave) => wave.length > 0);

/**
 * Returns a suite of all cases on a platform. Each case's truth is written by hand and is also checked in a kernel.
 * Here Terraform delivers it, in one server's life, and it must survive a restart.
 */
const suiteOn = (platform: ServerPlatform): LabSuite => {
  const prepared = new WeakSet<Lab>();
  return {
    name: `host cases on ${platform}`,
    disks: true,
    tests: casesOn(platform).map((name) => ({
      name: `${name}: packets from every side agree with the proof, before and after a restart`,
      tier: ALWAYS.includes(variantOf(name, platform)) ? 'full' : 'by name',
      run: async (lab) => {
        if (!prepared.has(lab)) await PREPARES[platform]?.(lab);
        prepared.add(lab);
        if (name === ONLY_IPV6) await lab.does('web1', NO_IPV4);
        const waves = name === ONLY_IPV6 ? BY_IPV6 : WAVES;
        const { stack } = await deploy(lab, { variant: variantOf(name, platform) });
        await expectAsProven(lab, stack, waves);
        await lab.device('web1').reboot();
        await expectAsProven(lab, stack, waves);
        const { status, out } = await types(lab, 'verify', 'web1', '--quiet');
        strictEqual(status, 0, out);
      },
    })),
  };
};

export const hostCases: readonly LabSuite[] = SERVER_PLATFORMS.map(suiteOn);
