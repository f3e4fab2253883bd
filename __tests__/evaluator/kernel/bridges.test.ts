// Tests by real packets that the evaluator calls a packet unknown where a kernel's nftables rules for bridges drop it.

import { reportOf } from '../../exposure/report-on-file';
import { describeKernel } from './kernel-tests';
import { KernelPlace } from './place';

/** A router with a bridge that has one host behind a port, and a cable to another host. */
class WithABridge {
  private readonly near = new KernelPlace(`cpk-${process.pid}-bn`);
  readonly router = new KernelPlace(`cpk-${process.pid}-br`);
  private readonly far = new KernelPlace(`cpk-${process.pid}-bf`);

  constructor() {
    const { near, router, far } = this;
    router.joins('p0', '02:00:00:00:05:01', near, 'up0', '02:00:00:00:05:02');
    router.joins('eth1', '02:00:00:00:05:03', far, 'up0', '02:00:00:00:05:04');
    router.ip(['link add br0 type bridge', 'link set p0 master br0', 'link set br0 up']);
    router.ip(['addr add 192.0.2.1/24 dev br0', 'addr add 10.0.0.1/24 dev eth1']);
    router.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=0']);
    near.ip(['addr add 192.0.2.2/24 dev up0', 'route add default via 192.0.2.1']);
    far.ip(['addr add 10.0.0.2/24 dev up0', 'route add default via 10.0.0.1']);
    for (const place of [near, router, far]) place.watch('input priority 300');
  }

  facts(): string {
    return this.router.run([
      'sh',
      '-c',
      'ip -o addr; ip -o link; ip -o route show table all; sysctl -a 2>/dev/null | grep forwarding',
    ]);
  }

  /** Whether a datagram arrives. */
  async passes({ from, to }: Way): Promise<boolean> {
    const there = [this.near, this.router, this.far][['192.0.2.2', '192.0.2.1', '10.0.0.2'].indexOf(to)]!;
    const sender = from === '192.0.2.2' ? this.near : this.far;
    for (let tries = 0; tries < 3; tries++) {
      await sender.send([{ from, to, protocol: 17, port: 53, sourcePort: 40_000, size: 40 }]);
      if (there.seen().some(({ destination, port }) => destination === to && port === 53)) return true;
    }
    return false;
  }

  remove(): void {
    for (const place of [this.near, this.router, this.far]) place.remove();
  }
}

interface Way {
  readonly by: string;
  readonly from: string;
  readonly to: string;
}

const WAYS: readonly Way[] = [
  { by: 'br0', from: '192.0.2.2', to: '192.0.2.1' },
  { by: 'br0', from: '192.0.2.2', to: '10.0.0.2' },
  { by: 'eth1', from: '10.0.0.2', to: '192.0.2.1' },
  { by: 'eth1', from: '10.0.0.2', to: '192.0.2.2' },
];

describeKernel(
  'a table of bridges',
  () => new WithABridge(),
  (made) =>
    test.each(['prerouting', 'input', 'forward', 'output', 'postrouting'])(
      'may drop packets that come or go by a bridge, and no others: %s',
      async (hook) => {
        const rules = `table bridge b {\n\tchain c {\n\t\ttype filter hook ${hook} priority 0; policy accept;\n\t\tudp dport 53 drop\n\t}\n}\n`;
        const { router } = made();
        router.tried(['nft', 'delete', 'table', 'bridge', 'b']);
        router.run(['nft', '-f', '-'], rules);
        for (const way of WAYS) {
          const question = { to: [way.to], from: [way.from], port: ['53/udp'], start: [way.by] };
          const { answer } = reportOf(`${rules}${made().facts()}`, question);
          const does = await made().passes(way);
          expect({ ...way, answer }).toEqual({ ...way, answer: does ? 'yes' : 'cannotTell' });
        }
      },
    ),
);
