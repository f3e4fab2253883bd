// Tests of releases that replace csf by a later version of firewalld, declared for firewalld-later.test.ts and
// firewalld-later.full.test.ts, which run them with several versions.

import { besideLaterFirewalld, onFirewall } from './firewalld-host';
import { CONFIRMED } from '../under-shell';

/** Calls of firewall-cmd by a firewall that is being stopped, while firewalld is off. */
export const checks: Parameters<typeof besideLaterFirewalld>[1] = (host) => {
  const { delivered, step, program, run, csf } = host;

  test('does not call firewall-cmd while firewalld is off: from 2.3.4 on it waits ten seconds', () => {
    csf();
    const [bin, one] = [`${host.folder}/bin`, onFirewall(80, ['csf'])];
    run(
      `cd ${bin} && mv firewall-cmd asked && cat >firewall-cmd && chmod 755 firewall-cmd`,
      `#!/bin/sh\necho "$*" >>${bin}/said\nexec ${bin}/asked "$@"\n`,
    );
    expect(delivered(one, ['upload', 'check'])).toEqual(CONFIRMED.slice(0, 2));
    expect(run(`cd ${bin} && mv asked firewall-cmd; cat said 2>/dev/null; rm -f said`)).toBe('');
  });

  test('is refused if firewalld would own its table, which is the default from 2.2 on', () => {
    csf();
    run('sed -i /TableOwner/d /etc/firewalld/firewalld.conf');
    const release = onFirewall(80, ['csf']);
    step('upload', release);
    expect(program(`check ${release.identity}`)).toMatch(/refused firewalld-owns-table$/);
  });
};
