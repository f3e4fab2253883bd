// usage: listener.ts JSON. Listens on TCP and UDP ports of a lab node and answers with the node's name, the
// destination and the source address that it sees. Tests see by it which host was reached and how it was
// translated.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** usage: listener.ts '{"name": "web1", "tcp": [80], "udp": [53]}'. Answers each client with its own name and the client's address. */
export interface Answer {
  readonly name: string;
  /** Destination address and port of the asker's packet on arrival. */
  readonly to: string;
  readonly port: number;
  readonly from: string;
  readonly fromPort: number;
}

interface Listening {
  readonly name: string;
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

/** A socket for both families shows IPv4 addresses as mapped ones. */
const plain = (address = ''): string => address.replace(/^::ffff:/, '');

const { name, tcp, udp } = JSON.parse(process.argv[2] ?? '{}') as Listening;

for (const port of tcp) {
  createServer((socket) => {
    const answer: Answer = {
      name,
      to: plain(socket.localAddress),
      port,
      from: plain(socket.remoteAddress),
      fromPort: socket.remotePort ?? 0,
    };
    socket.on('error', () => undefined);
    // An open session asks again and again: each line gets an answer.
    socket.on('data', () => socket.write(`${JSON.stringify(answer)}\n`));
    socket.write(`${JSON.stringify(answer)}\n`);
  })
    .on('error', (error) => console.error(error.message))
    .listen({ port, host: '::', backlog: 511 });
}

for (const port of udp) {
  const socket = createSocket('udp6');
  socket.on('error', (error) => console.error(error.message));
  socket.on('message', (_, asker) => {
    const answer: Answer = { name, to: '', port, from: plain(asker.address), fromPort: asker.port };
    socket.send(JSON.stringify(answer), asker.port, asker.address);
  });
  socket.bind(port, '::');
}
