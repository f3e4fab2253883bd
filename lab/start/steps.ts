// Runs the steps of `npm start`, also several at once: prints a line for each that ends, with its seconds, and logs its
// output.
import { Log } from './log';
import { Screen } from './screen';
import { wrapText } from '../../lib/report/wrap-text';

/** Columns of the line for a step. */
const COLUMNS = 80;
const SECONDS_COLUMNS = 7;
/** In a pipe, a long step prints its progress every so many seconds, and all steps together so many times at most. */
const TELLS_EVERY_SECONDS = 30;
const MOST_TOLD = 3;
/** Most lines of the reason for a failed step. */
const MOST_REASON = 4;

export interface Step {
  /** Logs whole lines. */
  log(text: string): void;
  /** Logs the output of a program. */
  readonly watch: (text: string) => void;
  /** Shows the step's progress, in a few words. */
  progress(words: string): void;
}

export class StepFailed extends Error {
  constructor(
    readonly step: string,
    readonly reason: unknown,
  ) {
    super(`the step "${step}" failed`);
  }
}

interface Running {
  readonly name: string;
  readonly began: number;
  progress: string;
}

/** Runs steps, also several at once, and prints one line for each when it ends. */
export class Steps {
  private readonly running = new Set<Running>();
  private readonly ended: { readonly name: string; readonly seconds: number }[] = [];
  private readonly works = new Set<Promise<unknown>>();
  private told = 0;
  private abandoned = false;

  constructor(
    private readonly screen: Screen,
    private readonly log: Log,
    /** Path of the log, for readers. */
    private readonly logFile: string,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  /** Runs a step. `done` returns its result in words, which replace the step's name. Throws StepFailed. */
  async run<T>(name: string, work: (step: Step) => Promise<T>, done: (result: T) => string = () => name): Promise<T> {
    const running: Running = { name, began: this.now(), progress: '' };
    this.running.add(running);
    this.log.lines(name, 'begins');
    this.screen.spin(() => this.spinner());
    const telling = setInterval(() => this.tell(running), TELLS_EVERY_SECONDS * 1000);
    const working = work({
      log: (text) => this.log.lines(name, text),
      watch: this.log.output(name),
      progress: (words) => (running.progress = words),
    });
    this.works.add(working);
    try {
      const result = await working;
      this.end(running, stepLine('✓', done(result), this.now() - running.began));
      return result;
    } catch (error) {
      this.log.lines(name, `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      this.end(running, stepLine('✗', name, this.now() - running.began), reasonLines(error));
      throw new StepFailed(name, error);
    } finally {
      clearInterval(telling);
      this.works.delete(working);
    }
  }

  /** Prints nothing more about the other steps: one has failed, and they are ended. */
  abandon(): void {
    this.abandoned = true;
    this.running.clear();
    this.screen.still();
  }

  /** Resolves when no step runs any more, or after so many seconds. */
  async settled(seconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, seconds * 1000)));
    await Promise.race([Promise.allSettled(this.works), late]);
    clearTimeout(timer);
  }

  /** Returns a line for each step that has ended, with its seconds. */
  table(): string {
    return this.ended.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`).join('\n');
  }

  private end(running: Running, line: string, reason: readonly string[] = []): void {
    this.running.delete(running);
    const seconds = this.now() - running.began;
    this.ended.push({ name: running.name, seconds });
    this.log.lines(running.name, `ended after ${seconds.toFixed(1)} s`);
    if (this.abandoned) return;
    this.screen.still();
    const { green, red } = this.screen.colours;
    this.screen.line(line.replace(/^✓/, green('✓')).replace(/^✗/, red('✗')));
    for (const each of reason) this.screen.line(each);
    if (reason.length > 0) this.screen.line(`  The whole log: ${this.logFile}`);
    if (this.running.size > 0) this.screen.spin(() => this.spinner());
  }

  private spinner(): string {
    return [...this.running].map((running) => this.words(running)).join('; ');
  }

  private words({ name, progress, began }: Running): string {
    return `${name}${progress === '' ? '' : `: ${progress}`}, ${Math.round(this.now() - began)} s`;
  }

  private tell(running: Running): void {
    if (this.screen.terminal || this.abandoned || this.told === MOST_TOLD) return;
    this.told += 1;
    this.screen.line(`  ${this.words(running)}`);
  }
}

/** Returns `✓ plan                2 s`, with the seconds at the right edge. */
export function stepLine(tick: '✓' | '✗', words: string, seconds: number): string {
  const [first = '', ...more] = wrapText(words, 2, 2, COLUMNS - SECONDS_COLUMNS);
  const text = `${tick} ${first.slice(2)}`.padEnd(COLUMNS - SECONDS_COLUMNS);
  return [`${text}${`${Math.round(seconds)} s`.padStart(SECONDS_COLUMNS)}`, ...more].join('\n');
}

/** Returns the last lines of an error message, because programs print the reason last. A repeated line is left out. */
export function reasonLines(error: unknown): readonly string[] {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const distinct = lines.filter(
    (line, at) => !lines.slice(at + 1).some((later) => later.endsWith(line) || line.endsWith(later)),
  );
  return distinct.slice(-MOST_REASON).flatMap((line) => wrapText(line, 2, 4, COLUMNS).slice(0, 3));
}
