import { createServer, Server, Socket } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '../../../lib/delivering/release';
import { TestSshd } from '../../driver/sshd';
import { CommandLine, Tampering } from './command-line';
import { Router } from './router';

/** What sshd starts on a terminal of its own: keys go to the router one by one, as they are typed. */
const LOGIN = (socket: string): string => `
const line = require('node:net').connect(${JSON.stringify(socket)});
if (process.stdin.isTTY) process.stdin.setRawMode(true);
process.stdin.pipe(line);
line.pipe(process.stdout);
line.on('close', () => process.exit(0));
line.on('error', () => process.exit(1));
`;

/** A router behind a real sshd. */
export class TestRouter {
  readonly router = new Router();
  tampering: Tampering | undefined;
  banner = '';
  private readonly lines = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly sshd: TestSshd,
  ) {}

  static async start(folder: string): Promise<TestRouter> {
    const home = mkdtempSync(join(folder, 'router-'));
    const [socket, login] = [join(home, 'console'), join(home, 'login.js')];
    writeFileSync(login, LOGIN(socket));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const device = new TestRouter(server, await TestSshd.start(folder, `${process.execPath} ${login}`));
    server.on('connection', (line) => device.logsIn(line));
    return device;
  }

  get connection(): Connection {
    return { ...this.sshd.connection, platform: 'toy' };
  }

  fresh(): void {
    this.router.fresh();
    this.tampering = undefined;
    this.banner = '';
  }

  async stop(): Promise<void> {
    this.sshd.stop();
    this.router.fresh();
    this.lines.forEach((line) => line.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private logsIn(line: Socket): void {
    this.lines.add(line);
    // Who stops reading is waited for by nobody.
    const write = (text: string): void => void (line.writableLength < 1 << 26 && line.write(text));
    const login = new CommandLine(this.router, 'edge', write, (command, reply) => this.tampering?.(command, reply), this.banner);
    line.setEncoding('utf8');
    line.on('data', (keys: string) => {
      login.type(keys);
      if (login.ended) line.end();
    });
    line.on('error', () => undefined);
    line.on('close', () => {
      login.ends();
      this.lines.delete(line);
    });
  }
}
