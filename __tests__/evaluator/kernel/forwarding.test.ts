// Compares the evaluator with a kernel: whether a router forwards packets under each combination of the forwarding
// settings of its interfaces.

import { splitFacts } from '../../../lib/exposure/facts/device-facts';
import { describeKernel } from './kernel-tests';
import { KernelPlace } from './place';

/** The kernel writes a change of `all` to each interface. */
const OFF = [1, 0].flatMap((value) =>
  ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'].map((name) => `${name}=${value}`),
);

/** A router between two hosts. */
class Between {
  private readonly out = new KernelPlace(`cpk-${process.pid}-fo`);
  readonly router = new KernelPlace(`cpk-${process.pid}-fr`);
  private readonly inside = new KernelPlace(`cpk-${process.pid}-fi`);

  constructor() {
    const { out, router, inside } = this;
    router.joins('eth0', '02:00:00:00:04:01', out, 'up0', '02:00:00:00:04:02');
    router.joins('eth1', '02:00:00:00:04:03', inside, 'up0', '02:00:00:00:04:04');
    router.ip([
      'addr add 192.0.2.1/24 dev eth0',
      'addr add 2001:db8:1::1/64 dev eth0 nodad',
      'addr add 10.0.0.1/24 dev eth1',
      'addr add 2001:db8:2::1/64 dev eth1 nodad',
    ]);
    out.ip([
      'addr add 192.0.2.2/24 dev up0',
      'addr add 2001:db8:1::2/64 dev up0 nodad',
      'route add default via 192.0.2.1',
      'route add default via 2001:db8:1::1',
    ]);
    inside.ip(['addr add 10.0.0.2/24 dev up0', 'addr add 2001:db8:2::2/64 dev up0 nodad']);
    inside.watch('prerouting priority -450');
  }

  /** Whether a packet passes through. */
  async forwards(): Promise<boolean> {
    const message = { protocol: 17, port: 53, size: 40 };
    await this.out.send([
      { ...message, from: '192.0.2.2', to: '10.0.0.2', sourcePort: 40_001 },
      { ...message, from: '2001:db8:1::2', to: '2001:db8:2::2', sourcePort: 40_002 },
    ]);
    return this.inside.seen().some(({ port }) => port === 53);
  }

  remove(): void {
    for (const place of [this.out, this.router, this.inside]) place.remove();
  }
}

describeKernel(
  'forwarding by a kernel',
  () => new Between(),
  (between) =>
    test.each([
      ['nothing', [], false],
      ['all interfaces by the setting of all', ['net.ipv4.ip_forward=1'], true],
      ['all interfaces by the setting of all, IPv6', ['net.ipv6.conf.all.forwarding=1'], true],
      ['one interface by its own setting', ['net.ipv4.conf.eth0.forwarding=1'], true],
      ['no interface by the setting of one, IPv6', ['net.ipv6.conf.eth0.forwarding=1'], false],
      ['no interface by the setting of default', ['net.ipv4.conf.default.forwarding=1'], false],
    ])('%s, as evaluated from the output of sysctl', async (_, settings, does) => {
      const { router } = between();
      router.run(['sysctl', '-qw', ...OFF, ...settings]);
      const { text, facts } = splitFacts(router.run(['sh', '-c', 'sysctl -a 2>/dev/null | grep forwarding']));
      expect({ rest: text.trim(), said: facts.forwarding, is: await between().forwards() }).toEqual({
        rest: '',
        said: does,
        is: does,
      });
    }),
);
