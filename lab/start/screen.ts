// Prints the output of `npm start` on a terminal or into a pipe: lines, colours, and a spinner in the last line.
import { createColors } from 'picocolors';
import { countColumns } from '../../lib/report/text-columns';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MILLISECONDS = 100;
/** Moves to the first column and clears the line. */
const CLEAR = '\r\x1b[2K';

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Prints lines for a person. On a terminal the last line may be a spinner, which is cleared before the next line. */
export class Screen {
  readonly terminal: boolean;
  readonly colours: ReturnType<typeof createColors>;
  /** Number of printed lines. */
  printed = 0;
  private timer: NodeJS.Timeout | undefined;
  private frame = 0;
  private muted = false;

  constructor(
    private readonly output: Output = process.stdout,
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.terminal = output.isTTY === true && environment['TERM'] !== 'dumb';
    this.colours = createColors(this.terminal && !environment['NO_COLOR']);
  }

  line(text = ''): void {
    if (this.muted) return;
    this.clear();
    this.output.write(`${text}\n`);
    this.printed += 1;
  }

  /** Prints text of programs unchanged, for `--verbose`. */
  raw(text: string): void {
    if (this.muted) return;
    this.clear();
    this.output.write(text);
  }

  /** Shows a spinner before the words until `still`. Nothing in a pipe. */
  spin(words: () => string): void {
    if (!this.terminal || this.muted) return;
    this.still();
    const draw = (): void => {
      this.frame = (this.frame + 1) % FRAMES.length;
      this.output.write(
        `${CLEAR}${this.colours.cyan(FRAMES[this.frame]!)} ${cut(words(), (this.output.columns ?? 80) - 3)}`,
      );
    };
    draw();
    this.timer = setInterval(draw, FRAME_MILLISECONDS);
    this.timer.unref();
  }

  still(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.clear();
  }

  /** Prints only by `last` from now on. */
  mute(): void {
    this.still();
    this.muted = true;
  }

  last(text: string): void {
    this.output.write(`${text}\n`);
  }

  private clear(): void {
    if (this.terminal) this.output.write(CLEAR);
  }
}

function cut(text: string, columns: number): string {
  if (countColumns(text) <= columns) return text;
  const letters = [...text];
  while (countColumns(letters.join('')) > columns - 1) letters.pop();
  return `${letters.join('')}…`;
}
