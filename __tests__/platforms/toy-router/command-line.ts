import { Router, VERSION } from './router';

// The router's command line, as one who logs in by SSH meets it: it reads and echoes keys by itself, wraps at 80 columns and stops after 24
// lines until it is told not to.

/** What a test has it do in the place of, or behind, a reply. `cut`: the session ends in the middle of it. */
export type Tampering = (command: string, reply: readonly string[]) => readonly string[] | 'cut' | 'half' | 'asks' | 'endless' | undefined;

type Said = readonly string[];
const TAKEN: Said = [];
const PAGE = 24;
const MARKER = '--More-- ';

export class CommandLine {
  ended = false;
  private line = '';
  private configuring = false;
  private width = 80;
  private length = PAGE;
  private pages: string[] = [];
  private asked: (() => Said) | undefined;

  constructor(
    private readonly router: Router,
    readonly user: string,
    private readonly write: (text: string) => void,
    private readonly tampering: Tampering = () => undefined,
    banner = '',
  ) {
    write(`${banner}\r\n${this.prompt()}`);
  }

  /** Keys, as they come. */
  type(keys: string): void {
    for (const key of keys) {
      if (this.ended) return;
      if (this.pages.length > 0) this.nextPage();
      else if (key === '\r' || key === '\n') this.enter();
      else if (key === '?') this.write(`?\r\n  set  delete  show\r\n${this.prompt()}${this.line}`);
      else {
        this.line += key;
        this.write(key);
        if (this.width > 0 && (this.prompt().length + this.line.length) % this.width === 0) this.write(' \r');
      }
    }
  }

  /** The connection is gone. */
  ends(): void {
    this.ended = true;
    if (this.router.lock === this) this.router.lock = undefined;
  }

  private prompt(): string {
    return `${this.router.hostname}${this.configuring ? '(config)' : ''}# `;
  }

  private enter(): void {
    const typed = this.line;
    this.line = '';
    this.write('\r\n');
    const { asked } = this;
    this.asked = undefined;
    this.reply(typed, asked ? (typed === 'y' ? asked() : ['% Not committed']) : this.does(typed.trim()));
  }

  private reply(command: string, reply: Said): void {
    const said = this.tampering(command, reply) ?? reply;
    if (this.ended) return;
    if (said === 'asks') return this.write('Are you sure? [y/N] ');
    if (said === 'half') return this.write(reply.join('\r\n').slice(0, 40));
    if (said === 'cut') {
      this.write(reply.join('\r\n').slice(0, 40));
      return this.ends();
    }
    if (said === 'endless') {
      const timer = setInterval(() => (this.ended ? clearInterval(timer) : this.write('all work and no play\r\n'.repeat(40_000))), 1);
      return;
    }
    this.pages = [...said];
    this.nextPage(false);
  }

  private nextPage(marked = true): void {
    if (marked) this.write(`\r${' '.repeat(MARKER.length)}\r`);
    const page = this.length === 0 ? this.pages.splice(0) : this.pages.splice(0, this.length);
    this.write(page.map((each) => `${each}\r\n`).join(''));
    this.write(this.pages.length > 0 ? MARKER : this.asked ? 'Commit these changes? [y/N] ' : this.prompt());
  }

  private does(typed: string): Said {
    if (typed === '' || typed.startsWith('!')) return TAKEN;
    const words = wordsOf(typed);
    const [verb = '', what = '', ...more] = words;
    const { router } = this;
    const run = `${verb} ${what}`;
    switch (run) {
      case 'terminal length':
        this.length = Number(more[0]);
        return TAKEN;
      case 'terminal width':
        this.width = Number(more[0]);
        return TAKEN;
      case 'show version':
        return [`Toy router, version ${VERSION}`];
      case 'show configuration':
        return router.running;
      case 'show startup':
        return router.startup;
      case 'show candidate': {
        const { candidate } = router;
        return candidate
          ? [`changed by ${candidate.by}, idle ${Math.floor((Date.now() - candidate.since) / 1000)} seconds`, ...candidate.lines]
          : ['no changes'];
      }
      case 'show trial':
        return [
          router.trial ? `reverts in ${Math.ceil((router.trial.until - Date.now()) / 1000)} seconds: ${router.trial.comment}` : 'no trial',
        ];
      case 'show interfaces':
        return ['wan0 up 203.0.113.1/24', 'lan0 up 10.0.0.1/24'];
      case 'commit confirm':
        if (!router.trial) return ['% Nothing to confirm'];
        router.confirm();
        return ['Confirmed'];
      case 'commit undo':
        if (!router.trial) return ['% Nothing to undo'];
        router.undo();
        return ['Undone'];
      case 'configure exclusive':
        if (router.lock && router.lock !== this) return [`% Locked by ${router.lock.user}`];
        router.lock = this;
        this.configuring = true;
        return TAKEN;
      case 'exit ':
        if (!this.configuring) this.ends();
        else router.lock = undefined;
        this.configuring = false;
        return TAKEN;
      default:
        return this.configuring ? this.edits(typed, run, more) : [`% Unknown command: ${verb}`];
    }
  }

  private edits(typed: string, run: string, more: readonly string[]): Said {
    const { router, user } = this;
    const put = (key: string, line: string): Said => {
      router.edit(user, (lines) => [...lines.filter((each) => !each.startsWith(`${key} `)), line]);
      return TAKEN;
    };
    switch (run) {
      case 'set filter':
        return put(`filter ${more[0]} ${more[1]}`, typed.slice('set '.length));
      case 'set annotation':
        return put(`annotation ${more[0]}`, typed.slice('set '.length));
      case 'delete filter':
      case 'delete annotation':
        router.edit(user, (lines) => lines.filter((each) => !each.startsWith(`${run.slice('delete '.length)} ${more[0]} `)));
        return TAKEN;
      case 'discard ':
        router.candidate = undefined;
        return TAKEN;
      case 'commit check': {
        const wrong =
          router.candidate?.lines.filter(
            (each) => each.startsWith('filter') && !/^filter \S+ \d+ (permit|deny) tcp [1-9]\d*( text ".*")?$/.test(each),
          ) ?? [];
        return wrong.map((each) => `% Not understood: ${each}`);
      }
      case 'commit confirmed':
        this.asked = () => {
          router.commit({ seconds: Number(more[0]), comment: more[2] ?? '' });
          return ['Commit complete, on trial'];
        };
        return TAKEN;
      case 'commit ':
        this.asked = () => {
          router.commit();
          return ['Commit complete'];
        };
        return TAKEN;
      default:
        return [`% Unknown command: ${typed}`];
    }
  }
}

const wordsOf = (typed: string): readonly string[] => typed.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
