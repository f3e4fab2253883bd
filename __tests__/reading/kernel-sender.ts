/** Runs in a namespace: sends what it reads, a list of probes in each line. */
export const SENDER = `
const net = require('net'), dgram = require('dgram'), { spawn } = require('child_process');
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const probes = JSON.parse(line);
  const open = [];
  const raw = (p, ...options) => spawn('nping', [...options, '-c', '1', '--send-ip', '-S', p.from, p.to], { stdio: 'ignore' });
  for (const p of probes) {
    if (p.flags) raw(p, '--tcp', '--flags', p.flags, '-g', String(p.sourcePort), '-p', String(p.port));
    else if (p.protocol === 6) {
      const s = net.connect({ host: p.to, port: p.port, localAddress: p.from, localPort: p.sourcePort });
      s.on('error', () => undefined); open.push(() => s.destroy());
    } else if (p.protocol === 17) {
      const s = dgram.createSocket({ type: p.to.includes(':') ? 'udp6' : 'udp4', reuseAddr: true });
      s.on('error', () => undefined);
      s.bind(p.sourcePort, p.from, () => s.send(Buffer.alloc(p.size), p.port, p.to, () => undefined));
      open.push(() => { try { s.close(); } catch {} });
    } else raw(p, '--icmp', '--icmp-type', String(p.port), '--data-length', String(p.size));
  }
  setTimeout(() => { open.forEach((close) => close()); process.stdout.write('sent\\n'); }, probes.some((p) => p.protocol === 1 || p.flags) ? 500 : 250);
});
`;
