/**
 * Runs in a namespace: sends what it reads, a list of probes in each line, and says `sent` when all of them are on their way. Whoever
 * asks next has the same ports and sizes, so none may come late: on a busy machine a program starts when it can.
 */
export const SENDER = `
const net = require('net'), dgram = require('dgram'), { execFile } = require('child_process');
const ARRIVES = 100, AT_MOST = 20_000;
// Without a capture it ends at once, and one in forty times before it has sent anything.
const nping = (p, options) => new Promise((done) =>
  execFile('nping', [...options, '-c', '1', '-N', '--send-ip', '-S', p.from, p.to], { timeout: AT_MOST }, (_, said) => done(said.includes('SENT'))));
const raw = async (p, ...options) => { for (let i = 0; i < 10 && !(await nping(p, options)); i++); };
const later = (ms) => new Promise((done) => setTimeout(done, ms));
require('readline').createInterface({ input: process.stdin }).on('line', async (line) => {
  const open = [];
  await Promise.all(JSON.parse(line).map((p) => {
    if (p.flags) return raw(p, '--tcp', '--flags', p.flags, '-g', String(p.sourcePort), '-p', String(p.port));
    if (p.protocol === 6) {
      const s = net.connect({ host: p.to, port: p.port, localAddress: p.from, localPort: p.sourcePort });
      s.on('error', () => undefined); open.push(() => s.destroy());
      return undefined;
    }
    if (p.protocol !== 17) return raw(p, '--icmp', '--icmp-type', String(p.port), '--data-length', String(p.size));
    return new Promise((done) => {
      const s = dgram.createSocket({ type: p.to.includes(':') ? 'udp6' : 'udp4', reuseAddr: true });
      s.on('error', done);
      s.bind(p.sourcePort, p.from, () => s.send(Buffer.alloc(p.size), p.port, p.to, done));
      open.push(() => { try { s.close(); } catch {} });
    });
  }));
  await later(ARRIVES);
  open.forEach((close) => close());
  process.stdout.write('sent\\n');
});
`;
